"""`trading_plan`: everything that a trade is to be, before anyone allowed it.

Posted by decision_maker.planner and by people (`strandloom plan`); read by decision_maker.gate, the shadow
follower and CIL.  A plan that replaces another names it; never are both live.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from strandloom.basics.quick import quick
from strandloom.kinds.condition import Condition
from strandloom.kinds.registry import Body, kind

Side = Literal["buy", "sell"]
EntryType = Literal["market", "limit", "maker"]
TimeInForce = Literal["gtc", "ioc", "alo"]
Stance = Literal["for", "against", "silent"]
Price = Annotated[Decimal, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one of the three observers says of the idea."""

    observer: str
    stance: Stance
    confidence: Share  # probability that the mean net edge is above zero
    why: str
    writer: str | None = None  # the model and the prompt's version, where a model said it


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What the plan expects, from the evidence and the cost model named."""

    net_bps: float
    holding_s: int
    p: Share  # probability that the net result is above zero
    cost_bps: float  # round trip
    fill_probability: Share
    cost_model: str
    measured: bool  # costs come from experience rather than from the model alone


@kind(
    "trading_plan",
    posted_by="decision_maker.planner, people",
    read_by="decision_maker.gate, learning, cil",
    tags=("dm:plan",),
    plan=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class TradingPlan(Body):
    """One idea, ready to be judged."""

    idea: str  # what makes two plans the same idea: `BTC:buy:volume.spike`
    symbol: str
    side: Side
    entry_type: EntryType
    entry_price: Price | None = None  # limit and maker
    reference: Price  # mid price when the plan was made
    quantity: Annotated[Decimal, Field(gt=0)]
    stop: Price
    take_profit: Price | None = None
    time_limit_s: Annotated[int, Field(gt=0)]  # a position older than this is closed
    time_in_force: TimeInForce = "gtc"
    expires_at: datetime  # no entry after this
    condition: Condition | None = None
    expected: Expectation
    observations: tuple[Observation, ...] = ()
    confidence: Share | None = None  # pooled; None for a person's plan
    calibrated: bool = False
    effective_votes: float | None = None
    evidence: tuple[UUID, ...] = ()
    patterns: tuple[str, ...] = ()  # pattern keys
    lessons_shown: tuple[UUID, ...] = ()
    held_out: bool = False
    exploration: bool = False  # a probe
    priority: float = 0.0
    venue: str | None = None
    replaces: UUID | None = None
    by: Literal["network", "person"] = "network"
    reason: str = ""
