"""What a module is, and how it sits in the network."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from strandloom.blackboard.desk import Ahead, Desk
from strandloom.blackboard.strand import Said, Strand

OrderKey = Literal["lifecycle", "feed", "symbol", "free"]


class Module(Protocol):
    """A small thinker: reads strands by tag pattern, answers with drafts and writes, touches nothing."""

    @property
    def name(self) -> str:
        """`team.module`, with the team's long name: `decision_maker.gate`."""
        ...

    @property
    def reads(self) -> tuple[str, ...]:
        """Tag patterns: `market:heartbeat`, `dm:*`, `raw_data:pattern:*`, `*`."""
        ...

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        """Answer one delivered strand."""
        ...


def door(module: Module, attempts: int) -> Callable[[Strand, Desk], Awaitable[Said]]:
    """Where a delivery enters: a module with effects outside may have a second door, `again`.

    It is taken when somebody has tried before: how far that came, only the world outside knows.
    """
    handle: Callable[[Strand, Desk], Awaitable[Said]] = (
        module.handle if attempts <= 1 else getattr(module, "again", module.handle)
    )
    return handle


@runtime_checkable
class Patient(Module, Protocol):
    """A reader of heartbeats that knows which of them it would let pass.

    A replay does not post minutes in which nobody has anything to do.  Waking too early costs time; waking
    too late would change what is said, and a test that replays with and without patience would fail.
    """

    async def wakes(self, ahead: Ahead, desk: Desk) -> int:
        """The first coming minute whose heartbeat it would answer, if it heard of nothing else until then.

        `ahead.stop` when it would let all of them pass.  Asked again whenever anything was said.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A module's place in the roster: its order key and its budgets."""

    module: Module
    order: OrderKey = "lifecycle"
    at_once: int = 1  # handlers that may run at the same time
    lease_s: float = 30.0
    max_attempts: int = 6
    hang_s: float = 300.0  # a handler that takes longer is cancelled and counts as failed
    max_drafts: int = 2_000  # in one answer; a flood is cut there and reported
    drafts_per_s: float = 10_000.0  # over time; who says more is given new work more slowly
