"""Every module of the network, by hand: who sits where, in the order in which a replay visits them."""

from strandloom.blackboard.module import Seat
from strandloom.learning.book import Book
from strandloom.learning.evidence import Evidence
from strandloom.learning.horizons import Horizons
from strandloom.learning.outcomes import Outcomes
from strandloom.scoring.costs import VENUE
from strandloom.teams.raw_data import team as raw_data

TEAMS = ("raw_data", "decision_maker", "trader", "cil")


def book() -> Book:
    """An empty book of evidence, with the horizons that the patterns declare."""
    return Book(Horizons(raw_data.horizons()))


def seats(book: Book) -> tuple[Seat, ...]:
    """The whole network around one book, which whoever runs it has filled from the tables.

    A new module is one line here; raw_data lists its own.
    """
    return (
        *raw_data.seats(book, VENUE),
        Seat(module=Outcomes(), order="feed"),
        Seat(module=Evidence(book, restored=True), order="feed"),
    )
