"""`prediction` and `outcome`: what a pattern expects, and what became of it.

`prediction` is posted by the raw-data modules with each pattern and read by learning.outcomes (which closes
it), the Decision Maker and CIL.  `outcome` is posted by learning.outcomes, once per prediction, or
`no_outcome` where nothing could have been bought; both are read by learning.evidence, by CIL and by people.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from strandloom.kinds.registry import Body, kind

Direction = Literal["up", "down"]
ClosedBy = Literal["target", "stop", "expiry", "drawdown"]
Family = Literal["pattern", "plan", "gate", "execution"]


@kind(
    "prediction",
    posted_by="raw_data.*",
    read_by="learning.outcomes, learning.evidence, decision_maker.planner, cil",
    tags=("raw_data:prediction:*", "dm:signal"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction(Body):
    """An immutable forecast: levels, expiry and probability, all fixed before anything is known."""

    pattern: str
    symbol: str
    timeframe: str
    regime: str
    session: str
    direction: Direction
    p: float  # probability that the net result is above zero, with lessons where they apply
    p_base: float  # the same without lessons
    reference_rate: float  # what one would expect knowing only the family
    expected_bps: float  # net
    expected_bps_base: float
    held_out: bool  # drawn to be judged without lessons
    reference: float  # price at posting: never the entry
    target: float
    stop: float
    opens_at: datetime  # the minute whose open is the entry
    expires_at: datetime
    max_drawdown_bps: float | None = None
    half_spread_bps: float  # modelled at posting, as the cost model takes them
    slippage_bps: float
    cost_model: str
    late: bool = False  # posted on a catch-up heartbeat, or after its first outcome bar was stored
    family: Family = "pattern"
    shadow: bool = False  # nobody traded on it: a refused plan, followed on paper
    lessons: tuple[UUID, ...] = ()  # in force and about it; where it is held out they moved nothing
    resonance: float | None = None  # of its pattern's key, as known when it was posted


@kind(
    "outcome",
    posted_by="learning.outcomes",
    read_by="learning.evidence, cil, people",
    tags=("learning:outcome", "cil:outcome"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Body):
    """The one closed result of one prediction."""

    prediction: UUID
    family: Family
    pattern: str
    symbol: str
    timeframe: str
    regime: str
    session: str
    direction: Direction
    p: float
    p_base: float
    reference_rate: float
    r_bps: float  # net of fees, slippage and funding
    gross_bps: float
    won: bool
    opened_at: datetime
    closed_at: datetime
    entry: float
    exit: float
    closed_by: ClosedBy
    cost_model: str
    horizon_s: int
    shadow: bool = False
    late: bool = False
    ambiguous: bool = False
    held_out: bool = False
    resonance: float | None = None  # as known when the forecast was posted


@kind(
    "no_outcome",
    posted_by="learning.outcomes",
    read_by="learning.evidence, people",
    tags=("learning:no_outcome",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class NoOutcome(Body):
    """A prediction that nobody could have followed: there was no trading at its opening."""

    prediction: UUID
    pattern: str
    symbol: str
    minute: datetime
