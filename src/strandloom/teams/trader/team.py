"""The Trader's modules, in the order in which a replay visits them."""

from strandloom.blackboard.module import Seat
from strandloom.teams.trader.guard import Guard
from strandloom.teams.trader.orders import Orders
from strandloom.teams.trader.sender import Sender
from strandloom.teams.trader.tracker import Tracker
from strandloom.venues.port import Venue


def seats(venue: Venue) -> tuple[Seat, ...]:
    """The tracker comes first, so that a minute's fills are known before anything new is sent."""
    return (
        Seat(module=Tracker(venue), order="feed"),
        Seat(module=Orders(venue), order="feed"),
        Seat(module=Sender(venue)),
        Seat(module=Guard(venue)),
    )
