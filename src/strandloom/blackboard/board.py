"""The port of every board: what goes up, how it reaches those who asked, and bounded reads of the past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from strandloom.basics.errors import BadInput, StrandloomError
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
from strandloom.blackboard.strand import Draft, Strand, Write

READ_LIMIT = 1_000  # no read returns more, whatever was asked for


class Unacceptable(BadInput):
    """The board refuses a draft, a tag, a pattern or a write; the message begins with the field."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field


class LeaseLost(StrandloomError):
    """At least one delivery of the group is no longer held with that many attempts; nothing was applied."""


class ConditionFailed(StrandloomError):
    """A conditional write found the world changed (the budget is gone); nothing was applied.

    Run the handler again against the new state.
    """

    def __init__(self, write: str) -> None:
        super().__init__(f"the condition of the write {write!r} no longer holds")
        self.write = write


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look for; every None matches all.  `tag` is a pattern, times are wall times."""

    tag: str | None = None
    kind: str | None = None
    module: str | None = None
    symbol: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended, newest first."""

    created_at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some strands, newest first, and where the next page begins (None: that was all)."""

    strands: tuple[Strand, ...]
    next: Place | None


class Writing(Protocol):
    """How strands come onto the board and leave their consumers' queues."""

    async def subscribe(
        self, subscriptions: Sequence[Subscription], *, backfill_from: datetime | None = None
    ) -> None:
        """Set what consumers read.  Backfilling also delivers older strands (`created_at` from then on)."""
        ...

    async def unsubscribe(self, consumer: str) -> None:
        """Forget a consumer with its open deliveries."""
        ...

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]:
        """Post and write in one transaction; the ids of the strands that were not there yet."""
        ...

    async def claim(self, consumer: str, limit: int, holder: str) -> list[Delivery]:
        """Lease the oldest visible deliveries; of one order key only its oldest open one."""
        ...

    async def complete(self, settlements: Sequence[Settlement]) -> None:
        """Settle deliveries of one consumer with all they said, in one transaction.

        Raises LeaseLost, ConditionFailed or Unacceptable, and then nothing happened.
        """
        ...

    async def fail(self, delivery: Delivery, error: str, *, again_in_s: float | None) -> Failed:
        """Hide the delivery for so many seconds, or (None, or no attempts left) dead-letter it."""
        ...

    async def extend(self, deliveries: Deliveries) -> Deliveries:
        """Renew leases; the deliveries that are still held."""
        ...

    async def free(self, holder: str) -> int:
        """Make everything claimable at once that this (dead or leaving) holder holds; how many."""
        ...

    async def sweep(self) -> int:
        """Dead-letter what died with its worker on the last attempt; how many."""
        ...


class Past(Protocol):
    """Reads for people and modules; never more than READ_LIMIT strands."""

    @property
    def near(self) -> bool:
        """In this process: an answer costs no waiting."""
        ...

    async def get(self, strand_id: UUID) -> Strand | None: ...

    async def chain(self, lifecycle: UUID, *, limit: int = 200) -> Sequence[Strand]:
        """The strands of a lifecycle, oldest first."""
        ...

    async def latest(self, kind: str, *, symbol: str | None = None, limit: int = 1) -> Sequence[Strand]:
        """The newest strands of a kind, newest first."""
        ...

    async def parents(self, strand_id: UUID) -> Sequence[Strand]:
        """The strands that caused it, in its own order; pruned ones are left out."""
        ...

    async def children(self, strand_id: UUID, *, limit: int = 200) -> Sequence[Strand]:
        """The strands that name it as a parent, oldest first."""
        ...

    async def find(self, search: Search, *, after: Place | None = None, limit: int = 100) -> Page:
        """A page of strands, newest first by (created_at, seq)."""
        ...

    async def look(self, name: str, **values: Any) -> Sequence[dict[str, Any]]:
        """A named read of the tables beside the board."""
        ...


class Keeping(Protocol):
    """What the keeper of a board does by hand."""

    async def queues(self) -> Sequence[Queue]: ...

    async def dead(self, *, consumer: str | None = None, limit: int = 100) -> Sequence[DeadLetter]:
        """Dead letters, newest first."""
        ...

    async def revive(self, consumer: str, seq: int) -> bool:
        """Deliver a dead letter again, with all its attempts; False when there is none."""
        ...

    async def drop(self, consumer: str, seq: int) -> bool:
        """Delete a dead letter; False when there is none."""
        ...

    async def prune(self, before: datetime, *, limit: int = 10_000) -> int:
        """Remove strands created before then that nobody waits for, keeping a tombstone of each; how many.

        Open deliveries and dead letters protect their strand.
        """
        ...

    async def counts(self) -> Mapping[str, int]:
        """Totals for people: strands, tombstones, deliveries, dead letters."""
        ...


class Board(Writing, Past, Keeping, Protocol):
    """All of it: the memory, the PostgreSQL and the Supabase board."""
