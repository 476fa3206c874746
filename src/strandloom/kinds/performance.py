"""`performance_analysis`: what was planned against what happened, once per closed order.

Posted by trader.analyser; read by the Decision Maker (what trading really costs), by learning and by CIL.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID

from strandloom.kinds.plan import Side
from strandloom.kinds.registry import Body, kind

Style = Literal["maker", "taker", "sliced"]
Volatility = Literal["quiet", "normal", "wild"]


@kind(
    "performance_analysis",
    posted_by="trader.analyser",
    read_by="decision_maker.experience, learning, cil",
    tags=("trader:performance_analysis", "cil:performance_analysis", "dm:execution_feedback"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceAnalysis(Body):
    """One order's execution, and of a closed trade its result beside what was expected."""

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
    to_send_s: float | None  # latency by stage
    to_acknowledge_s: float | None
    to_fill_s: float | None
    saved_bps: float | None = None  # shortfall saved against a taker order at arrival
    expected_bps: float | None = None  # closed trades: net, as planned
    realised_bps: float | None = None
    realised_usd: Decimal | None = None
    held_s: float | None = None
    expected_held_s: float | None = None
    because: str = ""
