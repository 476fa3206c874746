"""The wiring of a backtest: the same modules around a replayed market, memory and a paper venue."""

from dataclasses import dataclass
from datetime import datetime

from strandloom import roster as whole
from strandloom.backtest.quiet import Readers
from strandloom.backtest.terms import Roster, Terms
from strandloom.blackboard.desk import Desk, Laid, desks
from strandloom.blackboard.lockstep import Lockstep
from strandloom.exchange.engine import Engine
from strandloom.exchange.rules import Rules
from strandloom.learning.book import Book
from strandloom.market import minute as minutes
from strandloom.market.history import History
from strandloom.market.panel import Panel
from strandloom.venues.paper import PaperVenue


@dataclass(slots=True, kw_only=True)
class Now:
    """Market time is the only time there is, so that two runs leave the same bytes."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Everything that one backtest runs on."""

    board: Lockstep
    venue: PaperVenue
    book: Book
    history: History
    now: Now
    readers: Readers

    def desk(self) -> Desk:
        """A desk of this moment."""
        return Laid(self.now.at, self.board.past, self.board.past, self.history.at)


def network(roster: Roster, market: Panel, terms: Terms, book: Book | None = None) -> Network:
    """Put together, ready for its first minute."""
    book = book or whole.book()
    venue = PaperVenue(Engine(Rules()), terms.cash_usd)
    now = Now(at=minutes.opens(terms.start))
    board = Lockstep(roster(book, venue, terms.limits, terms.costs), now, forgiving=False, keep_silent=False)
    history = History(market)
    board.lay(desks(board.past, history.at))
    readers = Readers(board.chairs, patient=not terms.every_minute)
    return Network(board=board, venue=venue, book=book, history=history, now=now, readers=readers)
