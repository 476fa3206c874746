"""What a backtest is asked to do: everything beside the bars and the roster."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from strandloom.blackboard.module import Seat
from strandloom.learning.book import Book
from strandloom.risk.watch import LimitsInForce
from strandloom.scoring.costs import VENUE, CostModel
from strandloom.venues.port import Venue

Roster = Callable[[Book, Venue, LimitsInForce, CostModel], Sequence[Seat]]
"""Puts a network together around one book and one venue: `roster.seats`, or fewer modules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Minutes are counted since 1970; bars before `start` are history that features look back on."""

    start: int
    stop: int  # the first minute that is not traded any more
    cash_usd: Decimal = Decimal(100_000)
    costs: CostModel = VENUE
    limits: LimitsInForce = field(default_factory=lambda: LimitsInForce(None, watched=False))
    every_minute: bool = False  # post also the heartbeats that everybody would let pass: slow, and the same

    @property
    def minutes(self) -> int:
        return self.stop - self.start
