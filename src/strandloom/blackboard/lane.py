"""One consumer's queue in memory: leases, fencing, backoff, and order within a key."""

from bisect import insort
from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf

from strandloom.blackboard.delivery import Subscription
from strandloom.blackboard.strand import Strand

Key = int | str | None


@dataclass(slots=True, eq=False)
class Open:
    """A delivery that is not settled.  Held means claimed or backing off; otherwise it is claimable."""

    seq: int
    strand: Strand
    key: Key
    attempts: int = 0
    forgiven: int = 0  # attempts that no longer count: before a person retried it
    visible_at: float = 0.0
    holder: str | None = None
    error: str | None = None
    settled: bool = False

    def leased(self, now: float) -> bool:
        return self.holder is not None and self.visible_at > now

    def __lt__(self, other: "Open") -> bool:
        return self.seq < other.seq


class Lane:
    """Open deliveries of one consumer.

    Claimable ones stand in `_fresh` (appended in order of seq) or in `_again` (whatever became claimable
    later); what stands there may have become unclaimable since, so `_next` looks again.
    """

    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self.open: dict[int, Open] = {}
        self._fresh: deque[Open] = deque()
        self._again: list[Open] = []
        self._held: dict[int, Open] = {}
        self._keys: dict[Key, deque[Open]] = {}  # oldest first; absent for deliveries without a key
        self._overtaken: set[Key] = set()  # keys where an older delivery came back while another was held
        self._soonest = inf  # no held delivery becomes claimable before

    def add(self, strand: Strand, attempts: int = 0) -> None:
        """A strand for this consumer; the attempts of a dead letter that comes back no longer count."""
        entry = Open(strand.seq, strand, self.key(strand), attempts, attempts)
        self.open[strand.seq] = entry
        if entry.key is None:
            self._ready(entry)
            return
        waiting = self._keys.get(entry.key)
        if waiting is None:
            self._keys[entry.key] = deque((entry,))
            self._ready(entry)
        else:
            self._join(waiting, entry)

    def key(self, strand: Strand) -> Key:
        """What a strand is ordered by, as the subscription says now."""
        order = self.subscription.order
        if order == "lifecycle":
            return strand.lifecycle.int
        if order == "free":
            return None
        return (strand.symbol if order == "symbol" else getattr(strand.body, "feed", None)) or ""

    def resubscribe(self, subscription: Subscription) -> None:
        """New patterns and limits; what is open stays open and keeps its key."""
        self.subscription = subscription
        self._soonest = 0.0

    def claim(self, limit: int, holder: str, now: float) -> list[Open]:
        """Lease up to `limit` of the oldest claimable deliveries."""
        if now >= self._soonest:
            self._release(now)
        claimed: list[Open] = []
        until = now + self.subscription.lease_s
        while len(claimed) < limit and (entry := self._next(now)) is not None:
            entry.attempts += 1
            entry.holder = holder
            entry.visible_at = until
            self._held[entry.seq] = entry
            claimed.append(entry)
        if claimed:
            self._soonest = min(self._soonest, until)
        return claimed

    def held(self, seq: int, attempts: int) -> Open | None:
        """The open delivery that this fencing token is still good for."""
        entry = self.open.get(seq)
        return entry if entry is not None and entry.attempts == attempts else None

    def settle(self, entry: Open) -> None:
        """It is done (or dead): the next one of its key may come."""
        entry.settled = True
        del self.open[entry.seq]
        self._held.pop(entry.seq, None)
        key = entry.key
        if key is None:
            return
        waiting = self._keys[key]
        if len(waiting) == 1:
            del self._keys[key]
            self._overtaken.discard(key)
            return
        if waiting[0] is entry:
            waiting.popleft()
        else:
            waiting.remove(entry)
        self._offer(waiting)

    def hide(self, entry: Open, until: float, error: str | None) -> None:
        """It failed: not before then."""
        entry.holder, entry.error, entry.visible_at = None, error, until
        self._hold(entry)
        if entry.key in self._overtaken:
            self._offer(self._keys[entry.key])

    def extend(self, entry: Open, now: float) -> None:
        """Renew its lease."""
        entry.visible_at = now + self.subscription.lease_s
        self._hold(entry)

    def free(self, holder: str, now: float) -> int:
        """Make all that this holder holds claimable."""
        mine = [entry for entry in self.open.values() if entry.holder == holder]
        for entry in mine:
            entry.holder, entry.visible_at = None, now
            self._hold(entry)
        return len(mine)

    def spent(self, now: float) -> list[Open]:
        """Those whose last attempt has run out."""
        return [entry for entry in self.open.values() if self.worn_out(entry) and entry.visible_at <= now]

    def worn_out(self, entry: Open) -> bool:
        """No attempt is left."""
        return entry.attempts - entry.forgiven >= self.subscription.max_attempts

    def _hold(self, entry: Open) -> None:
        self._held[entry.seq] = entry
        self._soonest = min(self._soonest, entry.visible_at)

    def _ready(self, entry: Open) -> None:
        if self._fresh and self._fresh[-1].seq > entry.seq:
            heappush(self._again, entry)
        else:
            self._fresh.append(entry)

    def _join(self, waiting: deque[Open], entry: Open) -> None:
        """Queue behind its key; an older one that comes back finds its old place."""
        insort(waiting, entry)
        if waiting[0] is entry:
            self._overtaken.add(entry.key)
            self._offer(waiting)

    def _offer(self, waiting: deque[Open]) -> None:
        """The oldest of a key may be claimable now."""
        if waiting[0].seq not in self._held:
            heappush(self._again, waiting[0])

    def _release(self, now: float) -> None:
        """What is held and visible again becomes claimable, if attempts are left and it is its turn."""
        self._soonest = inf
        for entry in list(self._held.values()):
            if entry.visible_at > now:
                self._soonest = min(self._soonest, entry.visible_at)
            elif not self.worn_out(entry):
                del self._held[entry.seq]
                heappush(self._again, entry)
            if entry.key in self._overtaken:
                self._offer(self._keys[entry.key])

    def _next(self, now: float) -> Open | None:
        while self._fresh or self._again:
            if self._fresh and (not self._again or self._fresh[0].seq < self._again[0].seq):
                entry = self._fresh.popleft()
            else:
                entry = heappop(self._again)
            if not entry.settled and entry.seq not in self._held and self._may_run(entry, now):
                return entry
        return None

    def _may_run(self, entry: Open, now: float) -> bool:
        key = entry.key
        if key is None:
            return True
        waiting = self._keys[key]
        if waiting[0] is not entry:
            return False
        return key not in self._overtaken or not any(other.leased(now) for other in waiting)
