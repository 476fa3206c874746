"""The report of a day as plain data: the schema of `strandloom report --json` and of a backtest's days."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from strandloom.kinds.report import Line, PerformanceReport

SCHEMA = 1


def as_json(body: PerformanceReport) -> dict[str, Any]:
    """What JSON can carry; money as numbers with cents, shares and basis points as they are."""
    risk = body.risk_budget
    return {
        "schema": SCHEMA,
        "date": f"{body.since:%Y-%m-%d}",
        "span": body.span,
        "since": _time(body.since),
        "until": _time(body.until),
        "trade_count": body.trade_count,
        "won": body.won,
        "pnl": _usd(body.pnl_usd),
        "fees": _usd(body.fees_usd),
        "funding": _usd(body.funding_usd),
        "blocks": {block.rule: block.count for block in body.blocks},
        "risk_budget": {
            "claimed": _usd(risk.claimed_usd),
            "probing": _usd(risk.probing_usd),
            "claims": risk.claims,
            "equity": _usd(risk.equity_usd),
            "gross": _usd(risk.gross_usd),
            "unexplained": list(risk.unexplained),
            "in_doubt": list(risk.in_doubt),
        },
        "data_quality": [
            {"problem": one.problem, "bars": one.bars, "symbols": list(one.symbols)}
            for one in body.data_quality
        ],
        "execution": {
            "orders": body.orders,
            "fill_rate": body.fill_rate,
            "cost_bps": body.cost_bps,
            "saved_bps": body.saved_bps,
            "expected_bps": body.expected_bps,
            "realised_bps": body.realised_bps,
        },
        "decisions": {"plans": body.plans, "approved": body.approved, "refused": body.refused},
        "patterns": {"best": _lines(body.best_patterns), "worst": _lines(body.worst_patterns)},
        "plans": {"best": _lines(body.best_plans), "worst": _lines(body.worst_plans)},
        "signals": {
            "count": body.signals,
            "best": _lines(body.best_signals),
            "worst": _lines(body.worst_signals),
        },
        "truncated": body.truncated,
    }


def _lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {
            "name": line.name,
            "count": line.count,
            "usd": _usd(line.usd),
            "mean_bps": line.mean_bps,
            "plan": None if line.plan is None else str(line.plan),
        }
        for line in lines
    ]


def _usd(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, 4))


def _time(at: datetime) -> str:
    return at.isoformat()
