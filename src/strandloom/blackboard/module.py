"""What a module is, and how it sits in the network."""

from dataclasses import dataclass
from typing import Literal, Protocol

from strandloom.blackboard.desk import Desk
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
