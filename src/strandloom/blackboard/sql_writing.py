"""How strands go up and are settled over the SQL functions; the same for every database board."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from strandloom.basics.clock import Clock
from strandloom.basics.errors import BadInput
from strandloom.blackboard import accept, rows, tags
from strandloom.blackboard.board import Unacceptable
from strandloom.blackboard.cause import Cause, delivered
from strandloom.blackboard.delivery import Deliveries, Delivery, Failed, Settlement, Subscription
from strandloom.blackboard.floors import Floors
from strandloom.blackboard.functions import Functions, Row
from strandloom.blackboard.publisher import Publisher
from strandloom.blackboard.strand import Draft, Strand, Write
from strandloom.blackboard.writes import write_named
from strandloom.store.backoff import delays_s
from strandloom.store.failures import Conflict

_SUBSCRIBE_TRIES = 60


class _Remembered(NamedTuple):
    kind: str
    lifecycle: UUID
    hop: int


class SqlWriting:
    """The writing half of the port."""

    def __init__(self, functions: Functions, clock: Clock, rng: Random) -> None:
        self._functions = functions
        self._clock = clock
        self._rng = rng
        self._publisher = Publisher(self._publish)
        self.floors = Floors()

    async def subscribe(
        self, subscriptions: Sequence[Subscription], *, backfill_from: datetime | None = None
    ) -> None:
        wanted = [_subscription(subscription) for subscription in subscriptions]
        pauses_s = delays_s(self._rng)
        for tries_left in reversed(range(_SUBSCRIBE_TRIES)):
            try:
                await self._functions.value(
                    "subscribe", p_subscriptions=wanted, p_backfill_from=backfill_from
                )
            except (
                Conflict
            ):  # a transaction left open elsewhere keeps the table: let the others through first
                if not tries_left:
                    raise
                await self._clock.sleep(next(pauses_s))
            else:
                return

    async def unsubscribe(self, consumer: str) -> None:
        await self._functions.value("unsubscribe", p_consumer=consumer)

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]:
        strands = self._accept(drafts, cause, await self._known(drafts))
        posted = [_row(strand) for strand in strands]
        if writes:
            new = await self._publish(posted, _writes(writes))
        elif posted:
            new = await self._publisher.post(posted)
        else:
            new = frozenset()
        return tuple(dict.fromkeys(strand.id for strand in strands if strand.id in new))

    async def claim(self, consumer: str, limit: int, holder: str) -> list[Delivery]:
        look = self.floors.look(consumer)
        claimed = await self._functions.rows(
            "claim", p_consumer=consumer, p_limit=limit, p_holder=holder, p_floor=look.start
        )
        if claimed:
            self.floors.found(look, claimed[0]["floor"])
        read = [(row, _strand(row)) for row in claimed]
        for row, strand in read:
            if isinstance(strand, BadInput):
                await self._give_up(consumer, row, strand)
        return [
            Delivery(consumer=consumer, seq=row["seq"], attempts=row["attempts"], strand=strand)
            for row, strand in read
            if isinstance(strand, Strand)
        ]

    async def complete(self, settlements: Sequence[Settlement]) -> None:
        if not settlements:
            return
        ordered = sorted(settlements, key=lambda settlement: settlement.delivery.seq)
        drafts = [draft for each in ordered for draft in each.said.drafts]
        known = await self._known(drafts, [each.delivery.strand for each in ordered])
        posted: list[Row] = []
        for each in ordered:
            if each.said.drafts:
                cause = delivered(each.delivery.strand, each.delivery.consumer)
                posted += map(_row, self._accept(each.said.drafts, cause, known))
        deliveries = [each.delivery for each in ordered]
        await self._functions.value(
            "complete",
            p_consumer=deliveries[0].consumer,
            **_held(deliveries),
            p_rows=posted,
            p_writes=_writes([write for each in settlements for write in each.said.writes]),
        )

    async def fail(self, delivery: Delivery, error: str, *, again_in_s: float | None) -> Failed:
        failed: Failed = await self._functions.value(
            "fail",
            p_consumer=delivery.consumer,
            p_seq=delivery.seq,
            p_attempts=delivery.attempts,
            p_error=_text(error),
            p_again_in_s=again_in_s,
        )
        return failed

    async def extend(self, deliveries: Deliveries) -> Deliveries:
        held: list[Delivery] = []
        for consumer in dict.fromkeys(delivery.consumer for delivery in deliveries):
            mine = [delivery for delivery in deliveries if delivery.consumer == consumer]
            still = await self._functions.rows("extend", p_consumer=consumer, **_held(mine))
            seqs = {row["seq"] for row in still}
            held += [delivery for delivery in mine if delivery.seq in seqs]
        return held

    async def free(self, holder: str) -> int:
        return int(await self._functions.value("free", p_holder=holder))

    async def sweep(self) -> int:
        return int(await self._functions.value("sweep"))

    async def _publish(self, posted: Sequence[Row], writes: Sequence[Row] = ()) -> frozenset[UUID]:
        new = await self._functions.rows("publish", p_rows=list(posted), p_writes=list(writes))
        return frozenset(_uuid(row["id"]) for row in new)

    async def _known(
        self, drafts: Iterable[Draft], at_hand: Iterable[Strand] = ()
    ) -> Callable[[UUID], accept.Known | None]:
        """All parents that these drafts name: those at hand, and what the board remembers of the others."""
        known: dict[UUID, accept.Known] = {strand.id: strand for strand in at_hand}
        asked = {parent for draft in drafts for parent in draft.parents} - known.keys()
        if asked:
            found = await self._functions.rows("known", p_ids=[UUID(int=parent.int) for parent in asked])
            for row in found:
                remembered = _Remembered(row["kind"], _uuid(row["lifecycle_id"]), row["hop"])
                known[_uuid(row["id"])] = remembered
        return known.get

    def _accept(
        self, drafts: Sequence[Draft], cause: Cause, known: Callable[[UUID], accept.Known | None]
    ) -> list[Strand]:
        return accept.strands(drafts, cause, known=known, wall=self._clock.wall())

    async def _give_up(self, consumer: str, row: Row, why: BadInput) -> None:
        """Its own kind refuses it, as may be with a row typed by hand: dead at once, for all to see."""
        await self._functions.value(
            "fail",
            p_consumer=consumer,
            p_seq=row["seq"],
            p_attempts=row["attempts"],
            p_error=str(why),
            p_again_in_s=None,
        )


def _row(strand: Strand) -> dict[str, Any]:
    """What is not known is left out: a quarter less work for the database."""
    return {name: value for name, value in rows.dump(strand).items() if value is not None}


def _strand(row: Row) -> Strand | BadInput:
    try:
        return rows.load(row)
    except BadInput as problem:
        return problem


def _held(deliveries: Deliveries) -> dict[str, Any]:
    return {
        "p_seqs": [delivery.seq for delivery in deliveries],
        "p_attempts": [delivery.attempts for delivery in deliveries],
    }


def _writes(writes: Sequence[Write]) -> list[Mapping[str, Any]]:
    for write in writes:
        if write_named(write.name) is None:
            raise Unacceptable("writes", f"{write.name!r} is not a registered write")
    return [{"name": write.name, "values": dict(write.values)} for write in writes]


def _subscription(subscription: Subscription) -> dict[str, Any]:
    for pattern in subscription.patterns:
        if problem := tags.pattern_problem(pattern):
            raise Unacceptable("patterns", problem)
    return {
        "consumer": subscription.consumer,
        "patterns": list(subscription.patterns),
        "order_by": subscription.order,
        "lease_s": subscription.lease_s,
        "max_attempts": subscription.max_attempts,
    }


def _text(error: str) -> str:
    """An error as the database can keep it: a handler's words may hold anything."""
    return error.replace("\0", "").encode(errors="replace").decode()


def _uuid(value: UUID | str) -> UUID:
    return UUID(value) if isinstance(value, str) else UUID(int=value.int)
