"""What a backtest left behind: the whole board, the book of evidence and the account."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from strandloom.backtest.terms import Terms
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.strand import Strand
from strandloom.kinds.fill import Fill, FundingPaid
from strandloom.kinds.registry import Body
from strandloom.learning.book import Book
from strandloom.market.panel import Panel
from strandloom.venues.paper import PaperVenue

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything else that is said of a backtest is a projection of this."""

    terms: Terms
    market: Panel  # the traded minutes
    board: Lockstep
    book: Book
    venue: PaperVenue
    fills: tuple[Fill, ...]
    fundings: tuple[FundingPaid, ...]

    @property
    def strands(self) -> Iterator[Strand]:
        """All that was kept, in the order of the board."""
        return self.board.slate.archive.all()

    def said(self, body: type[B]) -> Iterator[tuple[Strand, B]]:
        """Every strand of one kind, with its body."""
        for strand in self.strands:
            if isinstance(strand.body, body):
                yield strand, strand.body
