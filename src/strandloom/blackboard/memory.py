"""The memory board's core: the same semantics as the database boards, synchronous, for replays and tests."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from strandloom.blackboard import accept, tags
from strandloom.blackboard.board import LeaseLost
from strandloom.blackboard.cause import Cause, delivered
from strandloom.blackboard.delivery import (
    DeadLetter,
    Deliveries,
    Delivery,
    Failed,
    Queue,
    Settlement,
    Subscription,
)
from strandloom.blackboard.lane import Lane, Open
from strandloom.blackboard.slate import Slate, check_patterns
from strandloom.blackboard.strand import Draft, Strand, Write


class Memory:
    """A board without waiting; `on_news` is told which consumer has something new."""

    def __init__(
        self,
        wall: Callable[[], datetime],
        *,
        strict: bool = False,
        hop_limit: int = accept.HOP_LIMIT,
        on_news: Callable[[str], None] | None = None,
    ) -> None:
        self.slate: Slate[Lane] = Slate(wall, self._deliver, strict=strict, hop_limit=hop_limit)
        self.lanes: dict[str, Lane] = {}
        self._on_news = on_news
        self._dead: dict[tuple[str, int], tuple[DeadLetter, Strand]] = {}

    def subscribe(self, subscriptions: Sequence[Subscription], backfill_from: datetime | None = None) -> None:
        for subscription in subscriptions:
            check_patterns(subscription.patterns)
        for subscription in subscriptions:
            self._subscribe(subscription)
            if backfill_from is not None:
                self._backfill(subscription, backfill_from)

    def unsubscribe(self, consumer: str) -> None:
        self.lanes.pop(consumer, None)
        self.slate.forget(consumer)

    def post(self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()) -> tuple[UUID, ...]:
        return self.slate.post(drafts, cause, writes)

    # --- the life of a delivery

    def claim(self, consumer: str, limit: int, holder: str) -> list[Delivery]:
        lane = self.lanes.get(consumer)
        if lane is None:
            return []
        entries = lane.claim(limit, holder, self._now())
        return [
            Delivery(consumer=consumer, seq=entry.seq, attempts=entry.attempts, strand=entry.strand)
            for entry in entries
        ]

    def complete(self, settlements: Sequence[Settlement]) -> None:
        entries = self._entries(settlements)
        strands: list[Strand] = []
        writes = [write for settlement in settlements for write in settlement.said.writes]
        for settlement in sorted(settlements, key=lambda settlement: settlement.delivery.seq):
            said, delivery = settlement.said, settlement.delivery
            if said.drafts:
                strands += self.slate.accept(said.drafts, delivered(delivery.strand, delivery.consumer))
        self.slate.apply(writes)
        for settlement, entry in zip(settlements, entries, strict=True):
            self.lanes[settlement.delivery.consumer].settle(entry)
        for strand in strands:
            self.slate.put_up(strand)

    def fail(self, delivery: Delivery, error: str, again_in_s: float | None) -> Failed:
        entry = self._held(delivery)
        if entry is None:
            return "lease_lost"
        lane = self.lanes[delivery.consumer]
        if again_in_s is None or lane.worn_out(entry):
            self._bury(lane, entry, error)
            return "dead"
        lane.hide(entry, self._now() + again_in_s, error)
        return "retry"

    def extend(self, deliveries: Deliveries) -> Deliveries:
        now = self._now()
        still = []
        for delivery in deliveries:
            entry = self._held(delivery)
            if entry is not None and entry.holder is not None:
                self.lanes[delivery.consumer].extend(entry, now)
                still.append(delivery)
        return still

    def free(self, holder: str) -> int:
        now = self._now()
        return sum(lane.free(holder, now) for lane in self.lanes.values())

    def sweep(self) -> int:
        now = self._now()
        spent = [(lane, entry) for lane in self.lanes.values() for entry in lane.spent(now)]
        for lane, entry in spent:
            self._bury(lane, entry, entry.error or "worker lost")
        return len(spent)

    # --- for the keeper

    def queues(self) -> Sequence[Queue]:
        now = self._now()
        return [self._queue(lane, now) for _, lane in sorted(self.lanes.items())]

    def dead(self, consumer: str | None, limit: int) -> Sequence[DeadLetter]:
        letters = [letter for letter, _ in self._dead.values() if consumer in (None, letter.consumer)]
        return sorted(letters, key=lambda letter: (letter.died_at, letter.seq), reverse=True)[:limit]

    def revive(self, consumer: str, seq: int) -> bool:
        if (consumer, seq) not in self._dead or consumer not in self.lanes:
            return False
        letter, strand = self._dead.pop((consumer, seq))
        self._deliver(self.lanes[consumer], strand, letter.attempts)
        return True

    def drop(self, consumer: str, seq: int) -> bool:
        return self._dead.pop((consumer, seq), None) is not None

    def prune(self, before: datetime, limit: int) -> int:
        waited_for = {entry.strand.id.int for lane in self.lanes.values() for entry in lane.open.values()}
        waited_for.update(letter.strand_id.int for letter, _ in self._dead.values())
        return self.slate.archive.prune(before, waited_for, limit)

    def counts(self) -> dict[str, int]:
        return {
            "strands": len(self.slate.archive),
            "tombstones": self.slate.archive.tombstones,
            "deliveries": sum(len(lane.open) for lane in self.lanes.values()),
            "dead_letters": len(self._dead),
        }

    # --- inside

    def _now(self) -> float:
        return self.slate.wall().timestamp()

    def _deliver(self, lane: Lane, strand: Strand, attempts: int = 0) -> None:
        lane.add(strand, attempts)
        if self._on_news is not None:
            self._on_news(lane.subscription.consumer)

    def _held(self, delivery: Delivery) -> Open | None:
        lane = self.lanes.get(delivery.consumer)
        return None if lane is None else lane.held(delivery.seq, delivery.attempts)

    def _entries(self, settlements: Sequence[Settlement]) -> list[Open]:
        """The open deliveries of a group, each still held and named once."""
        entries = [entry for each in settlements if (entry := self._held(each.delivery)) is not None]
        lost = len(settlements) - len(set(map(id, entries)))
        if lost:
            raise LeaseLost(f"{lost} of {len(settlements)} deliveries are no longer held")
        return entries

    def _bury(self, lane: Lane, entry: Open, error: str) -> None:
        lane.settle(entry)
        letter = DeadLetter(
            consumer=lane.subscription.consumer,
            seq=entry.seq,
            strand_id=entry.strand.id,
            attempts=entry.attempts,
            error=error,
            died_at=self.slate.wall(),
        )
        self._dead[letter.consumer, entry.seq] = (letter, entry.strand)

    def _subscribe(self, subscription: Subscription) -> None:
        lane = self.lanes.get(subscription.consumer)
        if lane is None:
            lane = self.lanes[subscription.consumer] = Lane(subscription)
        else:
            lane.resubscribe(subscription)
        self.slate.want(subscription.consumer, subscription.patterns, lane)

    def _backfill(self, subscription: Subscription, start: datetime) -> None:
        lane = self.lanes[subscription.consumer]
        for strand in self.slate.archive.since(start):
            wanted = tags.match(subscription.patterns, strand.tags)
            if wanted and strand.module != subscription.consumer and strand.seq not in lane.open:
                self._deliver(lane, strand)

    def _queue(self, lane: Lane, now: float) -> Queue:
        consumer = lane.subscription.consumer
        tried = [entry for entry in lane.open.values() if entry.attempts > entry.forgiven]
        hidden = [entry for entry in tried if entry.visible_at > now]
        leased = sum(entry.holder is not None for entry in hidden)
        return Queue(
            consumer=consumer,
            waiting=len(lane.open) - len(tried),
            leased=leased,
            backing_off=len(hidden) - leased,
            expired=len(tried) - len(hidden),
            dead=sum(key[0] == consumer for key in self._dead),
            oldest_seq=min(lane.open, default=None),
        )
