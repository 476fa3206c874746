"""What an hour or a day of trading came to: pure, from rows and counts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from strandloom.kinds.position import PositionTracking
from strandloom.kinds.report import Block, Line, PerformanceReport, Quality, RiskTaken
from strandloom.teams.trader.hours import Counts

SHOWN = 3
BPS = Decimal(10_000)
ZERO = Decimal(0)
Row = Mapping[str, Any]


def report(
    span: Literal["hour", "day"],
    since: datetime,
    until: datetime,
    trades: Sequence[Row],
    orders: Sequence[Row],
    counts: Counts,
    risk: RiskTaken,
) -> PerformanceReport:
    """One strand's worth."""
    wanted = [row for row in trades if row["expected_bps"] is not None]
    measured = [row for row in orders if row["saved_bps"] is not None]
    patterns = _by(trades, "pattern")
    plans = [_plan(row) for row in trades if row["plan"] is not None]
    signals = [
        Line(name=name, count=s.count, usd=None, mean_bps=s.r_bps / s.count)
        for name, s in counts.signals.items()
    ]
    return PerformanceReport(
        span=span,
        since=since,
        until=until,
        trade_count=len(trades),
        won=sum(_usd(row, "realised_usd") > 0 for row in trades),
        pnl_usd=_sum(trades, "realised_usd"),
        fees_usd=_sum(trades, "fees_usd"),
        funding_usd=_sum(trades, "funding_usd"),
        expected_bps=_mean(row["expected_bps"] for row in wanted),
        realised_bps=_mean(row["realised_bps"] for row in wanted),
        orders=len(measured),
        fill_rate=_mean(min(float(_usd(row, "filled") / _usd(row, "quantity")), 1.0) for row in measured),
        cost_bps=_mean(_cost_bps(row) for row in measured if row["slippage_bps"] is not None),
        saved_bps=_mean(row["saved_bps"] for row in measured),
        signals=sum(signal.count for signal in counts.signals.values()),
        plans=counts.plans,
        approved=counts.approved,
        refused=counts.refused,
        blocks=tuple(
            Block(rule=rule, count=count)
            for rule, count in sorted(counts.blocks.items(), key=lambda item: (-item[1], item[0]))
        ),
        risk_budget=risk,
        data_quality=tuple(
            Quality(problem=name, bars=trouble.bars, symbols=trouble.symbols)
            for name, trouble in sorted(counts.troubles.items())
        ),
        best_patterns=best(patterns),
        worst_patterns=worst(patterns),
        best_plans=best(plans),
        worst_plans=worst(plans),
        best_signals=best(signals),
        worst_signals=worst(signals),
        truncated=counts.truncated,
    )


def risk_taken(claims: Iterable[Row], tracking: PositionTracking | None) -> RiskTaken:
    """The budget and the account as they stand."""
    rows = list(claims)
    return RiskTaken(
        claimed_usd=_sum(rows, "risk_usd"),
        probing_usd=_sum([row for row in rows if row["exploration"]], "risk_usd"),
        claims=len(rows),
        equity_usd=tracking.equity_usd if tracking else None,
        gross_usd=tracking.gross_usd if tracking else None,
        unexplained=tracking.unexplained if tracking else (),
        in_doubt=tracking.in_doubt if tracking else (),
    )


def best(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Those that earned, most first."""
    ranked = sorted((line for line in lines if _worth(line) > 0), key=lambda line: (-_worth(line), line.name))
    return tuple(ranked[:SHOWN])


def worst(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Those that lost, most first."""
    ranked = sorted((line for line in lines if _worth(line) < 0), key=lambda line: (_worth(line), line.name))
    return tuple(ranked[:SHOWN])


def _worth(line: Line) -> float:
    """Trades by their dollars, signals by their mean."""
    return float(line.usd) if line.usd is not None else line.mean_bps


def _by(trades: Sequence[Row], name: str) -> list[Line]:
    groups: dict[str, list[Row]] = {}
    for row in trades:
        groups.setdefault(row[name] or "none", []).append(row)
    return [
        Line(
            name=group,
            count=len(rows),
            usd=_sum(rows, "realised_usd"),
            mean_bps=_mean(row["realised_bps"] for row in rows) or 0.0,
        )
        for group, rows in groups.items()
    ]


def _plan(row: Row) -> Line:
    return Line(
        name=row["idea"] or row["symbol"],
        count=1,
        usd=_usd(row, "realised_usd"),
        mean_bps=row["realised_bps"],
        plan=UUID(str(row["plan"])),
    )


def _cost_bps(row: Row) -> float:
    value = _usd(row, "filled") * _usd(row, "average_price")
    return float(row["slippage_bps"]) + float(_usd(row, "paid_usd") / value * BPS)


def _usd(row: Row, name: str) -> Decimal:
    return Decimal(str(row[name]))


def _sum(rows: Iterable[Row], name: str) -> Decimal:
    return sum((_usd(row, name) for row in rows), ZERO)


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None
