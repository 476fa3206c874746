"""`execution_insights`, `execution_learning`, `venue_performance`: what the Trader learns by trading.

`execution_insights` is posted by trader.cil_link, one per closed trade; `execution_learning` by the same,
each time a way of sending orders has twice as much evidence as when it was last told; `venue_performance` by
trader.reporter once an hour for each venue that was traded on.  All are read by CIL and people, the last by
the Trader's choice of a venue too.  The numbers are computed; words only repeat them.
"""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from strandloom.kinds.performance import Style, Volatility
from strandloom.kinds.predicate import Predicate
from strandloom.kinds.registry import Body, kind

Share = Annotated[float, Field(ge=0, le=1)]
Finding = Literal[
    "as_planned",
    "the_move_was_smaller",
    "the_move_was_larger",
    "slippage",
    "fees",
    "funding",
]
Recommendation = Literal[
    "keep",
    "expect_less",
    "expect_more",
    "wait_in_the_book",
    "send_smaller_orders",
    "hold_shorter",
]


@kind(
    "execution_insights",
    posted_by="trader.cil_link",
    read_by="cil, people",
    tags=("trader:execution_insights", "cil:execution_insights"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionInsights(Body):
    """The one finding that explains most of the gap between plan and reality of a closed trade."""

    decision: UUID
    plan: UUID | None
    symbol: str
    venue: str
    finding: Finding
    share: Share  # of the whole gap
    gap_bps: float  # realised less expected; 0 without an expectation
    by_bps: float  # what the finding alone added or took
    recommendation: Recommendation
    text: str
    patterns: tuple[str, ...] = ()


@kind(
    "execution_learning",
    posted_by="trader.cil_link",
    read_by="cil.lessons, people",
    tags=("trader:execution_learning", "cil:execution_insights"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionLearning(Body):
    """What a way of sending orders has come to, as a statement that can be wrong."""

    lesson_type: Literal["saves", "costs", "undecided"]  # against taker orders at arrival
    predicate: Predicate
    venue: str
    style: Style
    volatility: Volatility
    orders: int
    mean_saved_bps: float
    sd_bps: float
    fill_rate: Share
    confidence: Share  # that its sign is right
    evidence: tuple[str, ...]  # client order ids, the newest ones


@kind(
    "venue_performance",
    posted_by="trader.reporter",
    read_by="trader, cil, people",
    tags=("trader:venue_performance", "cil:venue_performance"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class VenuePerformance(Body):
    """How a venue has executed our orders, all of them and of late."""

    venue: str
    orders: int
    recent_orders: float  # weighted with a half-life of 30 days
    fill_rate: Share
    rejected_share: Share
    doubtful_share: Share  # orders whose fate was unknown for a while
    cost_bps: float | None  # slippage and fee together, of what was filled
    slippage_bps: float | None
    fee_bps: float | None
    saved_bps: float | None
    to_acknowledge_s: float | None  # None on paper
    score: Share  # 1: fills everything, for nothing, and always answers
    because: str
