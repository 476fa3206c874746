"""Every module of the network, by hand: who sits where, in the order in which a replay visits them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

from strandloom.blackboard.module import Seat
from strandloom.jobs.keeper import Keeper, Keeping
from strandloom.learning.book import Book
from strandloom.learning.evidence import Evidence
from strandloom.learning.horizons import Horizons
from strandloom.learning.outcomes import Outcomes
from strandloom.learning.scores import KeyScorer
from strandloom.learning.shadows import Shadows
from strandloom.llm.port import Writer
from strandloom.llm.rule import RuleWriter
from strandloom.risk.watch import LimitsInForce
from strandloom.scoring.costs import CostModel
from strandloom.teams.cil import team as cil
from strandloom.teams.decision_maker import team as decision_maker
from strandloom.teams.raw_data import team as raw_data
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.trader import team as trader
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.reconciler import CENT
from strandloom.venues.port import Venue

TEAMS = ("raw_data", "decision_maker", "trader", "cil")
ROLES = ("market", "exchange", *TEAMS)
"""What a process may take on (`--teams`); each is led by one process at a time."""

_WITH = {"learning": "raw_data", "jobs": "market"}
"""Modules of no team sit with one: evidence with those who read its book, the keeper with its bars."""


TRYING_SHARE = 0.05
"""Of the entries on paper, how many take the style of which least is known."""


def book(detectors: Sequence[Detector] | None = None) -> Book:
    """An empty book of evidence, with the horizons that the patterns declare."""
    return Book(horizons(detectors))


def horizons(detectors: Sequence[Detector] | None = None) -> Horizons:
    """How long the forecasts of each pattern may run."""
    return Horizons(raw_data.horizons(detectors))


def seats(
    book: Book,
    venue: Venue,
    limits: LimitsInForce,
    costs: CostModel,
    *,
    writer: Writer | None = None,
    keeping: Keeping | None = None,
    reconcile_usd: Decimal = CENT,
    readiness: Readiness | None = None,
    now: Callable[[], datetime] | None = None,
    detectors: Sequence[Detector] | None = None,
) -> tuple[Seat, ...]:
    """The whole network around one book, which whoever runs it has filled from the tables, and one venue.

    Each team lists its own modules.  The Trader comes first: what a minute filled is known before anybody
    plans on it.  The central intelligence layer comes last, so that it sees the whole minute.  Without a
    `writer` every word follows rules; without `keeping` nothing is ever let go; without `now`, market time
    as it runs, what is sent is never late; without `detectors` all of them look.
    """
    by_rules = writer or RuleWriter()
    return (
        *trader.seats(
            venue,
            limits=limits,
            costs=costs,
            trying_share=TRYING_SHARE,
            reconcile_usd=reconcile_usd,
            readiness=readiness,
            now=now,
        ),
        *raw_data.seats(book, costs, detectors, by_rules),
        Seat(module=Outcomes(book), order="feed"),
        Seat(module=Shadows(), order="free"),
        Seat(module=Evidence(book, restored=True), order="feed"),
        Seat(module=KeyScorer(book), order="feed"),
        *decision_maker.seats(
            venue, limits, costs, venue=venue.name, paper=venue.mode != "real", writer=writer
        ),
        *cil.seats(by_rules, horizons(), costs),
        *((Seat(module=Keeper(keeping), order="free"),) if keeping else ()),
    )


def role_of(module: str) -> str:
    """The role whose leader runs this module."""
    room = module.partition(".")[0]
    return _WITH.get(room, room)


def seats_of(roles: Sequence[str], seats: Sequence[Seat]) -> tuple[Seat, ...]:
    """Those of the seats that belong to these roles."""
    return tuple(seat for seat in seats if role_of(seat.module.name) in roles)
