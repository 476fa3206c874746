"""`performance_report`: what an hour or a day of trading came to, in numbers.

Posted by trader.reporter on the jobs `report_hourly` and `report_daily`, once per slot; read by people
(`strandloom report`), by CIL and by the writers, who may tell it in words but add no number.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from strandloom.kinds.registry import Body, kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One pattern, plan or signal with what it came to."""

    name: str  # a pattern, a plan's idea, a signal with its direction
    count: int
    usd: Decimal | None  # None for signals, which nobody traded on
    mean_bps: float
    plan: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """How often a rule of the gate said no."""

    rule: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskTaken:
    """What the budget had given out when the report was made."""

    claimed_usd: Decimal
    probing_usd: Decimal
    claims: int
    equity_usd: Decimal | None  # None: the account is not known yet
    gross_usd: Decimal | None
    unexplained: tuple[str, ...] = ()  # symbols on which books and venue differ
    in_doubt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What was wrong with the market's data."""

    problem: str
    bars: int
    symbols: tuple[str, ...]


@kind(
    "performance_report",
    posted_by="trader.reporter",
    read_by="people, cil",
    tags=("trader:performance_report", "trader:performance_report:<span>", "cil:performance_report"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceReport(Body):
    """One span of market time, `since` included and `until` not."""

    span: Literal["hour", "day"]
    since: datetime
    until: datetime
    trade_count: int  # closed in the span
    won: int
    pnl_usd: Decimal  # of the trades closed in the span, fees and funding included
    fees_usd: Decimal
    funding_usd: Decimal
    expected_bps: float | None  # means over trades that had an expectation
    realised_bps: float | None
    orders: int
    fill_rate: float | None
    cost_bps: float | None  # slippage and fee together, of what was filled
    saved_bps: float | None
    signals: int  # forecasts that ended in the span
    plans: int
    approved: int
    refused: int
    blocks: tuple[Block, ...]  # refusals by rule, most frequent first
    risk_budget: RiskTaken
    data_quality: tuple[Quality, ...]
    best_patterns: tuple[Line, ...]
    worst_patterns: tuple[Line, ...]
    best_plans: tuple[Line, ...]
    worst_plans: tuple[Line, ...]
    best_signals: tuple[Line, ...]
    worst_signals: tuple[Line, ...]
    truncated: bool = False  # there was more than could be read at once: counts are lower bounds
