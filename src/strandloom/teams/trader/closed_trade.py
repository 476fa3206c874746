"""A closed trade beside what its plan expected: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from strandloom.blackboard.strand import Write
from strandloom.kinds.order import OrderStatus
from strandloom.kinds.performance import PerformanceAnalysis
from strandloom.kinds.plan import TradingPlan
from strandloom.scoring.costs import CostModel
from strandloom.teams.trader import because
from strandloom.teams.trader.because import Part
from strandloom.teams.trader.ended import way_of
from strandloom.teams.trader.shortfall import BPS, worse_bps

ZERO = Decimal(0)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedTrade:
    """What its orders and its plan say of it; basis points are of what was entered."""

    status: OrderStatus
    rows: tuple[Row, ...]  # its orders as they were executed, oldest first
    plan: TradingPlan | None
    opened_at: datetime
    closed_at: datetime
    entered_usd: Decimal
    realised_usd: Decimal
    funding_usd: Decimal
    slippage_bps: float

    @property
    def decision(self) -> UUID:
        return self.status.trade or self.status.decision

    @property
    def entry(self) -> Row:
        """The first of its orders: how the trade was entered."""
        return self.rows[0]

    @property
    def held_s(self) -> float:
        return (self.closed_at - self.opened_at).total_seconds()

    @property
    def realised_bps(self) -> float:
        return float(self.realised_usd / self.entered_usd) * BPS

    @property
    def fees_bps(self) -> float:
        return float(self.status.fee_usd / self.entered_usd) * BPS

    @property
    def funding_bps(self) -> float:
        return float(self.funding_usd / self.entered_usd) * BPS

    @property
    def move_bps(self) -> float:
        """What the price did, from arrival to arrival: the result without costs and funding."""
        return self.realised_bps + self.fees_bps + self.slippage_bps - self.funding_bps

    @property
    def expected_bps(self) -> float | None:
        return self.plan.expected.net_bps if self.plan else None

    def parts(self, costs: CostModel) -> tuple[Part, ...]:
        """What adds up to the result, beside what was expected of each."""
        if self.plan is None:
            return ()
        expected = self.plan.expected
        fees_bps = min(2.0 * costs.taker_fee_bps, expected.cost_bps)
        return (
            Part(name="move", expected_bps=expected.net_bps + expected.cost_bps, real_bps=self.move_bps),
            Part(name="slippage", expected_bps=fees_bps - expected.cost_bps, real_bps=-self.slippage_bps),
            Part(name="fees", expected_bps=-fees_bps, real_bps=-self.fees_bps),
            Part(name="funding", expected_bps=0.0, real_bps=self.funding_bps),
        )

    def interval_bps(self) -> tuple[float, float] | None:
        """What the plan thought possible: from its stop, with costs twice, to its target."""
        if self.plan is None:
            return None
        plan, cost_bps = self.plan, self.plan.expected.cost_bps
        low = -worse_bps("buy" if plan.side == "sell" else "sell", plan.stop, plan.reference) - 2.0 * cost_bps
        if plan.take_profit is None:
            return low, float("inf")
        return low, worse_bps(plan.side, plan.take_profit, plan.reference) + cost_bps


def closed_trade(
    status: OrderStatus, rows: Sequence[Row], plan: TradingPlan | None, at: datetime
) -> ClosedTrade | None:
    """None where nothing was entered, or by no order that was written down."""
    entries = [row for row in rows if row["leg"] == "entry" and _filled(row)]
    if not entries or status.realised_usd is None or not status.average_price or not status.filled:
        return None
    entered_usd = status.filled * status.average_price
    exits = [row for row in rows if row["leg"] != "entry" and _filled(row)]
    gained = sum((_signed_usd(row) for row in (*entries, *exits)), ZERO)
    newest = max(datetime.fromisoformat(str(row["closed_at"])) for row in (*entries, *exits))
    complete = sum(map(_filled, exits), ZERO) == sum(map(_filled, entries), ZERO)
    return ClosedTrade(
        status=status,
        rows=(*entries, *exits),
        plan=plan,
        opened_at=min(_opened(row) for row in entries),
        closed_at=max(at, newest),  # whoever tells it may be behind those who traded
        entered_usd=entered_usd,
        realised_usd=status.realised_usd,
        funding_usd=status.realised_usd - gained + status.fee_usd if complete else ZERO,
        slippage_bps=sum(_slipped_usd(row) for row in (*entries, *exits)) / float(entered_usd) * BPS,
    )


def analysis(trade: ClosedTrade, costs: CostModel) -> PerformanceAnalysis:
    """The strand."""
    status, plan, entry = trade.status, trade.plan, trade.entry
    parts = trade.parts(costs)
    expected_s = float(plan.expected.holding_s) if plan else None
    way = way_of(entry)
    return PerformanceAnalysis(
        about="trade",
        decision=trade.decision,
        plan=status.plan,
        venue=way.venue,
        symbol=status.symbol,
        side=status.side,
        style=way.style,
        volatility=way.volatility,
        wanted=status.filled,
        filled=status.filled,
        arrival=Decimal(str(entry["arrival"])),
        average_price=status.average_price,
        slippage_arrival_bps=None,
        slippage_plan_bps=None,
        fee_bps=None,
        to_send_s=None,
        to_acknowledge_s=None,
        to_fill_s=None,
        expected_bps=trade.expected_bps,
        realised_bps=trade.realised_bps,
        realised_usd=trade.realised_usd,
        held_s=trade.held_s,
        expected_held_s=expected_s,
        because=because.sentence(
            trade.expected_bps, trade.realised_bps, expected_s, trade.held_s, parts, status.why
        ),
        leg="entry",
        spread=way.spread,
        size=way.size,
        timeframe=entry["timeframe"],
        fees_usd=status.fee_usd,
        move_bps=trade.move_bps,
        expected_move_bps=parts[0].expected_bps if parts else None,
        slippage_bps=trade.slippage_bps,
        funding_bps=trade.funding_bps,
        gaps_bps={part.name: part.by_bps for part in parts},
        patterns=plan.patterns if plan else (),
        lessons=plan.lessons_shown if plan else (),
        ended_by=status.why,
    )


def keep(trade: ClosedTrade) -> Write:
    """To which pattern, plan and lessons the result belongs."""
    plan, status = trade.plan, trade.status
    expected_s = float(plan.expected.holding_s) if plan else None
    gain = {"trades": 1.0, "held_share": trade.held_s / expected_s} if expected_s else {}
    values: dict[str, Any] = {
        "decision": str(trade.decision),
        "plan": str(status.plan) if status.plan else None,
        "venue": trade.entry["venue"],
        "symbol": status.symbol,
        "side": status.side,
        "idea": plan.idea if plan else None,
        "pattern": plan.patterns[0].partition("|")[0] if plan and plan.patterns else None,
        "lessons": [str(lesson) for lesson in plan.lessons_shown] if plan else [],
        "exploration": status.exploration,
        "opened_at": trade.opened_at.isoformat(),
        "closed_at": trade.closed_at.isoformat(),
        "entered_usd": str(trade.entered_usd),
        "realised_usd": str(trade.realised_usd),
        "fees_usd": str(status.fee_usd),
        "funding_usd": str(trade.funding_usd),
        "expected_bps": trade.expected_bps,
        "realised_bps": trade.realised_bps,
        "expected_s": expected_s,
        "held_s": trade.held_s,
        "ended_by": status.why,
        "sums": [{"key": key, **gain} for key in way_of(trade.entry).keys] if gain else [],
    }
    return Write(name="execution.trade", values=values)


def _filled(row: Row) -> Decimal:
    return Decimal(str(row["filled"])) if row["filled"] is not None else ZERO


def _signed_usd(row: Row) -> Decimal:
    """Dollars that came in by an order; below zero they went out."""
    value = _filled(row) * Decimal(str(row["average_price"]))
    return -value if row["side"] == "buy" else value


def _slipped_usd(row: Row) -> float:
    """What its price was worse than at arrival, in dollars."""
    away = worse_bps(row["side"], Decimal(str(row["average_price"])), Decimal(str(row["arrival"])))
    return away / BPS * float(_filled(row) * Decimal(str(row["arrival"])))


def _opened(row: Row) -> datetime:
    return datetime.fromisoformat(str(row["filled_at"] or row["closed_at"]))
