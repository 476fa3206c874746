"""The Trader's modules, in the order in which a replay visits them."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from strandloom.blackboard.module import Seat
from strandloom.risk.limits import Limits, load
from strandloom.scoring.costs import VENUE, CostModel
from strandloom.teams.trader.analyser import Analyser
from strandloom.teams.trader.cil_link import CilLink
from strandloom.teams.trader.coordinator import Coordinator
from strandloom.teams.trader.entering import Entering
from strandloom.teams.trader.foretelling import Foretelling
from strandloom.teams.trader.guard import Guard
from strandloom.teams.trader.orders import Orders
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.reconciler import CENT, Reconciler
from strandloom.teams.trader.reporter import Reporter
from strandloom.teams.trader.sender import Sender
from strandloom.teams.trader.sentinel import Sentinel
from strandloom.teams.trader.styles import Styles
from strandloom.teams.trader.tracker import Tracker
from strandloom.teams.trader.wanted import Crossing
from strandloom.venues.port import Venue


def seats(
    venue: Venue,
    *,
    limits: Callable[[], Limits] = load,
    costs: CostModel = VENUE,
    trying_share: float = 0.0,
    reconcile_usd: Decimal = CENT,
    readiness: Readiness | None = None,
    now: Callable[[], datetime] | None = None,
) -> tuple[Seat, ...]:
    """The tracker comes first, so that a minute's fills are known before anything new is sent.

    `trying_share` of the entries on paper take the style of which least is known.  `now` is market time as it
    runs; without it, as in a replay, what is sent is never late.
    """
    ready, crossing = readiness or Readiness(), Crossing()
    foretell = Foretelling(crossing)
    entering = Entering(venue, Styles(venue, costs, crossing, trying_share))
    return (
        Seat(module=Tracker(venue, ready, foretell), order="feed"),
        Seat(module=Coordinator(venue, foretell), order="feed", max_attempts=30),  # it waits for its venue
        Seat(module=Orders(venue, entering, foretell), order="feed"),
        Seat(module=Analyser(costs, travels=venue.mode != "paper"), order="symbol"),
        Seat(module=Sender(venue, ready, now), max_attempts=30),  # it waits for its venue
        Seat(module=Guard(venue, foretell)),
        Seat(module=Sentinel(limits), order="free"),
        Seat(module=CilLink(), order="symbol"),
        Seat(module=Reconciler(venue, reconcile_usd), order="free"),
        Seat(module=Reporter(), order="free"),
    )
