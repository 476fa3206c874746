"""`performance_analysis`: what was planned against what happened, once per closed order and closed trade.

Posted by trader.analyser; read by trader.cil_link, by CIL and by people.  The sums over all of them, which
the analyser keeps beside the board, are what plans and the choice of a style ask for.
A stop or target that was taken back because its position had ended is no order that anything can be said of.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal
from uuid import UUID

from strandloom.kinds.order import Leg
from strandloom.kinds.plan import Side
from strandloom.kinds.registry import Body, kind

Style = Literal["maker", "taker", "sliced"]
Volatility = Literal["quiet", "normal", "wild"]
Spread = Literal["tight", "normal", "wide"]
Size = Literal["tiny", "small", "medium", "large"]


@kind(
    "performance_analysis",
    posted_by="trader.analyser",
    read_by="trader.cil_link, cil, people",
    tags=("trader:performance_analysis", "cil:performance_analysis", "dm:execution_feedback"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceAnalysis(Body):
    """One order's execution, or a closed trade's result beside what was expected of it."""

    about: Literal["order", "trade"] = "order"
    decision: UUID
    plan: UUID | None
    venue: str
    symbol: str
    side: Side
    style: Style
    volatility: Volatility
    wanted: Decimal
    filled: Decimal
    arrival: Decimal | None
    average_price: Decimal | None
    slippage_arrival_bps: float | None  # positive: worse than the mid price at arrival
    slippage_plan_bps: float | None  # positive: worse than the plan's reference
    fee_bps: float | None
    to_send_s: float | None  # wall time since the order was wanted; None on paper, where nothing travels
    to_acknowledge_s: float | None
    to_fill_s: float | None  # market time until it ended with a fill
    saved_bps: float | None = None  # shortfall saved against a taker order at arrival
    expected_bps: float | None = None  # closed trades: net, as planned
    realised_bps: float | None = None
    realised_usd: Decimal | None = None
    held_s: float | None = None
    expected_held_s: float | None = None
    because: str = ""
    cloid: str | None = None
    leg: Leg | None = None
    spread: Spread | None = None  # half of it, as modelled at arrival, in a word
    size: Size | None = None
    timeframe: str | None = None  # the plan's
    half_spread_bps: float | None = None
    taker_bps: float | None = None  # what a taker order at arrival would have cost
    p: float | None = None  # that it saves against that order, as written down when it was wanted
    fees_usd: Decimal | None = None
    move_bps: float | None = None  # closed trades: what the price did, costs apart
    expected_move_bps: float | None = None
    slippage_bps: float | None = None  # closed trades: of entry and exit together
    funding_bps: float | None = None
    gaps_bps: dict[str, float] = field(default_factory=dict)  # what move, slippage, fees and funding added
    patterns: tuple[str, ...] = ()
    lessons: tuple[UUID, ...] = ()
    ended_by: str = ""
