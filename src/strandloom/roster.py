"""Every module of the network, by hand: who sits where, in the order in which a replay visits them."""

from strandloom.blackboard.module import Seat
from strandloom.learning.book import Book
from strandloom.learning.evidence import Evidence
from strandloom.learning.horizons import Horizons
from strandloom.learning.outcomes import Outcomes
from strandloom.learning.shadows import Shadows
from strandloom.risk.watch import LimitsInForce
from strandloom.scoring.costs import CostModel
from strandloom.teams.decision_maker import team as decision_maker
from strandloom.teams.raw_data import team as raw_data
from strandloom.teams.trader import team as trader
from strandloom.venues.port import Venue

TEAMS = ("raw_data", "decision_maker", "trader", "cil")


def book() -> Book:
    """An empty book of evidence, with the horizons that the patterns declare."""
    return Book(Horizons(raw_data.horizons()))


def seats(book: Book, venue: Venue, limits: LimitsInForce, costs: CostModel) -> tuple[Seat, ...]:
    """The whole network around one book, which whoever runs it has filled from the tables, and one venue.

    Each team lists its own modules.  The Trader comes first: what a minute filled is known before anybody
    plans on it.
    """
    return (
        *trader.seats(venue),
        *raw_data.seats(book, costs),
        Seat(module=Outcomes(), order="feed"),
        Seat(module=Shadows(), order="free"),
        Seat(module=Evidence(book, restored=True), order="feed"),
        *decision_maker.seats(venue, limits, costs, venue=venue.name, paper=venue.mode != "real"),
    )
