"""The memory core behind the asynchronous port, for tests and for a service without a database."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.delivery import (
    DeadLetter,
    Deliveries,
    Delivery,
    Failed,
    Queue,
    Settlement,
    Subscription,
)
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.memory_past import MemoryPast
from strandloom.blackboard.strand import Draft, Write


class MemoryBoard(MemoryPast):
    """Every method of the port, answered at once."""

    def __init__(self, core: Memory) -> None:
        super().__init__(core.slate)
        self.core = core

    async def subscribe(
        self, subscriptions: Sequence[Subscription], *, backfill_from: datetime | None = None
    ) -> None:
        self.core.subscribe(subscriptions, backfill_from)

    async def unsubscribe(self, consumer: str) -> None:
        self.core.unsubscribe(consumer)

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]:
        return self.core.post(drafts, cause, writes)

    async def claim(self, consumer: str, limit: int, holder: str) -> list[Delivery]:
        return self.core.claim(consumer, limit, holder)

    async def complete(self, settlements: Sequence[Settlement]) -> None:
        self.core.complete(settlements)

    async def fail(self, delivery: Delivery, error: str, *, again_in_s: float | None) -> Failed:
        return self.core.fail(delivery, error, again_in_s)

    async def extend(self, deliveries: Deliveries) -> Deliveries:
        return self.core.extend(deliveries)

    async def free(self, holder: str) -> int:
        return self.core.free(holder)

    async def sweep(self) -> int:
        return self.core.sweep()

    async def queues(self) -> Sequence[Queue]:
        return self.core.queues()

    async def dead(self, *, consumer: str | None = None, limit: int = 100) -> Sequence[DeadLetter]:
        return self.core.dead(consumer, limit)

    async def revive(self, consumer: str, seq: int) -> bool:
        return self.core.revive(consumer, seq)

    async def drop(self, consumer: str, seq: int) -> bool:
        return self.core.drop(consumer, seq)

    async def prune(self, before: datetime, *, limit: int = 10_000) -> int:
        return self.core.prune(before, limit)

    async def counts(self) -> Mapping[str, int]:
        return self.core.counts()


def memory_board(wall: Callable[[], datetime], *, strict: bool = False) -> MemoryBoard:
    """An empty board in memory."""
    return MemoryBoard(Memory(wall, strict=strict))
