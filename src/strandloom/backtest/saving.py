"""The folder of a finished backtest: figures as JSON, trades and equity as parquet, a page to read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from strandloom.backtest.curve import Curve
from strandloom.backtest.learning import Learning
from strandloom.backtest.metrics.drawdown import drawdowns
from strandloom.backtest.page.writing import page
from strandloom.backtest.result import Result
from strandloom.backtest.summary import Summary
from strandloom.backtest.trades import Trade
from strandloom.kinds.decision import Refusal
from strandloom.kinds.report import PerformanceReport
from strandloom.report import day

PAGE, DAYS = "report.html", "days"
TRADES, EQUITY, REFUSALS, SUMMARY = "trades.parquet", "equity.parquet", "refusals.parquet", "summary.json"
_MINUTE_MS = 60_000


def save(
    folder: Path,
    result: Result,
    line: Curve,
    closed: Sequence[Trade],
    figures: Summary,
    learning: Learning | None = None,
) -> None:
    """Write everything; the same backtest leaves the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / SUMMARY, figures.sections())
    (folder / PAGE).write_text(page(result, line, closed, figures, learning), encoding="utf-8")
    _table(folder / TRADES, [asdict(trade) for trade in closed], [field.name for field in fields(Trade)])
    _table(
        folder / REFUSALS,
        _refused(result),
        ["at", "plan", "symbol", "side", "rule", "limit", "value", "unit", "why"],
    )
    _days(folder / DAYS, result)
    parquet.write_table(_equity(line), folder / EQUITY, compression="zstd")


def _days(folder: Path, result: Result) -> None:
    """One file per day that ended, in the schema of `strandloom report --json`."""
    folder.mkdir(exist_ok=True)
    for _, body in result.said(PerformanceReport):
        if body.span == "day":
            write_json(folder / f"{body.since:%Y-%m-%d}.json", day.as_json(body))


def write_json(path: Path, values: object) -> None:
    """Readable, in a fixed order, with a newline at the end."""
    path.write_text(json.dumps(values, default=plain, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def plain(value: object) -> object:
    """What JSON does not know: money as text, times in UTC."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, UUID | Path):
        return str(value)
    raise TypeError(f"{value!r} cannot be written as JSON")


def _refused(result: Result) -> list[dict[str, Any]]:
    """One row per rule that a plan failed."""
    return [
        {
            "at": strand.at,
            "plan": body.plan,
            "symbol": body.symbol,
            "side": body.side,
            "rule": answer.rule,
            "limit": answer.limit,
            "value": answer.value,
            "unit": answer.unit,
            "why": answer.why,
        }
        for strand, body in result.said(Refusal)
        for answer in body.failed
    ]


def _equity(line: Curve) -> pa.Table:
    return pa.table(
        {
            "closed_at": pa.array((line.minute + 1) * _MINUTE_MS, pa.timestamp("ms", tz="UTC")),
            "equity_usd": np.round(line.equity, 6),
            "drawdown": drawdowns(line.equity),
            "gross_usd": np.round(line.gross, 6),
            "net_usd": np.round(line.net, 6),
            "buy_and_hold_usd": np.round(line.held_still, 6),
        }
    )


def _table(path: Path, rows: Sequence[Mapping[str, Any]], names: Iterable[str]) -> None:
    """Money and ids as text, so that nothing is rounded and every program reads it."""
    columns = {name: [_cell(row[name]) for row in rows] for name in names}
    parquet.write_table(pa.table(columns), path, compression="zstd")


def _cell(value: Any) -> Any:
    return plain(value) if isinstance(value, Decimal | UUID) else value
