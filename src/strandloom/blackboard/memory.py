"""The memory board's core: the same semantics as the database boards, synchronous, for replays and tests."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.blackboard import accept, rows, tags
from strandloom.blackboard.archive import Archive
from strandloom.blackboard.board import ConditionFailed, LeaseLost, Unacceptable
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
from strandloom.blackboard.router import Router
from strandloom.blackboard.strand import Draft, Strand, Write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look_named, write_named


class Memory:
    """A board without waiting.  `strict` also checks what only a database would refuse."""

    def __init__(
        self,
        wall: Callable[[], datetime],
        *,
        strict: bool = False,
        hop_limit: int = accept.HOP_LIMIT,
        on_news: Callable[[str], None] | None = None,
    ) -> None:
        self.tables = Tables()
        self.archive = Archive()
        self.lanes: dict[str, Lane] = {}
        self._wall = wall
        self._strict = strict
        self._hop_limit = hop_limit
        self._on_news = on_news
        self._router: Router[Lane] = Router()
        self._dead: dict[tuple[str, int], tuple[DeadLetter, Strand]] = {}
        self._seq = 0

    # --- on the board

    def subscribe(self, subscriptions: Sequence[Subscription], backfill_from: datetime | None = None) -> None:
        for subscription in subscriptions:
            for pattern in subscription.patterns:
                if problem := tags.pattern_problem(pattern):
                    raise Unacceptable("patterns", problem)
        for subscription in subscriptions:
            self._subscribe(subscription)
            if backfill_from is not None:
                self._backfill(subscription, backfill_from)

    def unsubscribe(self, consumer: str) -> None:
        self.lanes.pop(consumer, None)
        self._router.forget(consumer)

    def post(self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()) -> tuple[UUID, ...]:
        strands = self._accept(drafts, cause)
        self._apply(writes)
        return tuple(strand.id for strand in strands if self._put_up(strand))

    # --- to the consumers

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
        self._check_held(settlements)
        strands: list[Strand] = []
        for settlement in settlements:
            if settlement.said.drafts:
                delivery = settlement.delivery
                strands += self._accept(
                    settlement.said.drafts, delivered(delivery.strand, delivery.consumer), len(strands)
                )
        self._apply([write for settlement in settlements for write in settlement.said.writes])
        for settlement in settlements:
            self._settle(settlement.delivery)
        for strand in strands:
            self._put_up(strand)

    def fail(self, delivery: Delivery, error: str, again_in_s: float | None) -> Failed:
        entry = self._held(delivery)
        if entry is None:
            return "lease_lost"
        lane = self.lanes[delivery.consumer]
        if again_in_s is None or lane.worn_out(entry):
            self._bury(delivery.consumer, lane, entry, error)
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
        spent = [(consumer, lane, e) for consumer, lane in self.lanes.items() for e in lane.spent(now)]
        for consumer, lane, entry in spent:
            self._bury(consumer, lane, entry, entry.error or "worker lost")
        return len(spent)

    # --- for the keeper

    def look(self, name: str, values: Mapping[str, Any]) -> Sequence[Row]:
        named = look_named(name)
        if named is None:
            raise Unacceptable("look", f"{name!r} is not a registered look")
        return named.in_memory(self.tables, values)

    def queues(self) -> Sequence[Queue]:
        now = self._now()
        return [self._queue(consumer, lane, now) for consumer, lane in sorted(self.lanes.items())]

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
        return self.archive.prune(before, waited_for, limit)

    def counts(self) -> dict[str, int]:
        return {
            "strands": len(self.archive),
            "tombstones": self.archive.tombstones,
            "deliveries": sum(len(lane.open) for lane in self.lanes.values()),
            "dead_letters": len(self._dead),
        }

    # --- inside

    def _now(self) -> float:
        return self._wall().timestamp()

    def _accept(self, drafts: Sequence[Draft], cause: Cause, ahead: int = 0) -> list[Strand]:
        strands = accept.strands(
            drafts,
            cause,
            known=self.archive.known,
            wall=self._wall(),
            seq=self._seq + 1 + ahead,
            hop_limit=self._hop_limit,
        )
        if self._strict:
            for strand in strands:
                rows.dump(strand)
        return strands

    def _apply(self, writes: Sequence[Write]) -> None:
        try:
            for write in writes:
                named = write_named(write.name)
                if named is None:
                    raise Unacceptable("writes", f"{write.name!r} is not a registered write")
                if not named.in_memory(self.tables, write.values):
                    raise ConditionFailed(write.name)
        except BaseException:
            self.tables.rollback()
            raise
        self.tables.commit()

    def _put_up(self, strand: Strand) -> bool:
        self._seq = max(self._seq, strand.seq)
        if not self.archive.add(strand):
            return False
        for lane in self._router.targets(strand.module, strand.tags):
            self._deliver(lane, strand)
        return True

    def _deliver(self, lane: Lane, strand: Strand, attempts: int = 0) -> None:
        lane.add(strand, attempts)
        if self._on_news is not None:
            self._on_news(lane.subscription.consumer)

    def _held(self, delivery: Delivery) -> Open | None:
        lane = self.lanes.get(delivery.consumer)
        return None if lane is None else lane.held(delivery.seq, delivery.attempts)

    def _check_held(self, settlements: Sequence[Settlement]) -> None:
        deliveries = [settlement.delivery for settlement in settlements]
        held = {(d.consumer, d.seq) for d in deliveries if self._held(d) is not None}
        if len(held) != len(deliveries):
            lost = len(deliveries) - len(held)
            raise LeaseLost(f"{lost} of {len(deliveries)} deliveries are no longer held")

    def _settle(self, delivery: Delivery) -> None:
        lane = self.lanes[delivery.consumer]
        lane.settle(lane.open[delivery.seq])

    def _bury(self, consumer: str, lane: Lane, entry: Open, error: str) -> None:
        lane.settle(entry)
        letter = DeadLetter(
            consumer=consumer,
            seq=entry.seq,
            strand_id=entry.strand.id,
            attempts=entry.attempts,
            error=error,
            died_at=self._wall(),
        )
        self._dead[consumer, entry.seq] = (letter, entry.strand)

    def _subscribe(self, subscription: Subscription) -> None:
        lane = self.lanes.get(subscription.consumer)
        if lane is None:
            lane = self.lanes[subscription.consumer] = Lane(subscription)
        else:
            lane.resubscribe(subscription)
        self._router.want(subscription.consumer, subscription.patterns, lane)

    def _backfill(self, subscription: Subscription, start: datetime) -> None:
        lane = self.lanes[subscription.consumer]
        for strand in self.archive.since(start):
            wanted = tags.match(subscription.patterns, strand.tags)
            if wanted and strand.module != subscription.consumer and strand.seq not in lane.open:
                self._deliver(lane, strand)

    def _queue(self, consumer: str, lane: Lane, now: float) -> Queue:
        tried = [entry for entry in lane.open.values() if entry.attempts]
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
