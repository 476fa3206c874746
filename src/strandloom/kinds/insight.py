"""`meta_signal` and `guidance`: what the central intelligence layer makes of everything that the teams say.

`meta_signal` is posted by cil.synthesis on the quarter hour and read by people and by cil.guidance; nothing
trades on it.  `guidance` is posted by cil.guidance when it has changed.  It informs the Decision Maker and
the Trader: what resonates, what is contraindicated, which way of entering saved money where; it commands
nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from strandloom.kinds.performance import Style, Volatility
from strandloom.kinds.registry import Body, kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Confluence:
    """Two streams that begin in the same quarter of an hour on the same symbol."""

    one: str  # `volume.spike:up`, `decision_maker.approved:buy`
    other: str
    together: int
    expected: float  # by their rhythms alone
    lift: float
    p: float  # share of day-by-day rearrangements with at least as many


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadLag:
    """One stream tends to begin before the other."""

    leader: str
    follower: str
    minutes: int  # the lag at which it followed most often
    after: int
    before: int
    p: float


@kind(
    "meta_signal",
    posted_by="cil.synthesis",
    read_by="cil.guidance, people",
    tags=("cil:meta_signal", "cil:meta_signal:<subject>"),
    starts_lifecycle=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class MetaSignal(Body):
    """What the teams' strands say together.  Numbers from code; the text repeats them."""

    subject: Literal["confluence", "coverage"]
    since: datetime  # where the history that was looked at begins
    until: datetime
    tests: int = 0  # pairs that were tested for this strand
    confluence: tuple[Confluence, ...] = ()
    leads: tuple[LeadLag, ...] = ()
    unseen: tuple[str, ...] = ()  # symbols with bars on which nothing began for a day
    blind: tuple[str, ...] = ()  # symbols whose bars do not come
    silent: tuple[str, ...] = ()  # streams that spoke every day and fell silent
    text: str = ""
    writer: str = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resonating:
    """A pattern key whose evidence agrees across scales and forecasts with skill."""

    key: str
    resonance: float
    net_bps: float | None
    n_blocks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contraindicated:
    """A lesson in force that something does harm."""

    lesson: UUID
    what: str
    mean_gross_bps: float | None
    n_blocks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Executing:
    """What a way of sending orders saved against a taker order at arrival, in one volatility."""

    venue: str | None = None  # None: everywhere
    style: Style
    volatility: Volatility
    saved_bps: float
    low_bps: float  # one-sided 10 % bound
    n: int


@kind(
    "guidance",
    posted_by="cil.guidance",
    read_by="decision_maker, trader, people",
    tags=("dm:guidance", "trader:guidance", "cil:guidance"),
    starts_lifecycle=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance(Body):
    """What a team may want to know.  Whatever acts on it goes through lessons and the gate."""

    team: Literal["decision_maker", "trader"]
    resonating: tuple[Resonating, ...] = ()
    contraindicated: tuple[Contraindicated, ...] = ()
    executing: tuple[Executing, ...] = ()
    lessons: tuple[UUID, ...] = ()  # in force
    text: str = ""
    writer: str = "rule"
