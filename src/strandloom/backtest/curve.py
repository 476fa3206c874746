"""The account minute by minute, worked out from fills, funding and prices after the replay."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from strandloom.backtest.result import Result
from strandloom.basics.ids import unix_ms
from strandloom.indicators.frame import Floats, Minutes
from strandloom.kinds.fill import Fill
from strandloom.market.minute import MINUTE_MS
from strandloom.market.panel import Panel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """Values at the close of every traded minute."""

    minute: Minutes
    equity: Floats
    gross: Floats  # sum of what every position is worth, either way
    net: Floats  # the same, short positions counting below zero
    held_still: Floats  # equity of buying every symbol in equal parts at the beginning


def curve(result: Result) -> Curve:
    """Exact up to floating point: at every look of the venue's own books it says the same."""
    market, cash = result.market, float(result.terms.cash_usd)
    marks = prices(market)
    flow = np.zeros(market.minutes)
    held = np.zeros((len(market.symbols), market.minutes))
    for fill in result.fills:
        column = _column(fill.at, market)
        signed = float(fill.quantity) * (1.0 if fill.side == "buy" else -1.0)
        flow[column] -= signed * float(fill.price) + float(fill.fee_usd)
        held[market.symbols.index(fill.symbol), column] += signed
    for paid in result.fundings:
        flow[_column(paid.at, market)] += float(paid.usd)
    worth = np.cumsum(held, axis=1) * np.nan_to_num(marks)
    return Curve(
        minute=np.arange(market.start, market.stop, dtype=np.int64),
        equity=cash + np.cumsum(flow) + worth.sum(axis=0),
        gross=np.abs(worth).sum(axis=0),
        net=worth.sum(axis=0),
        held_still=_held_still(marks, cash),
    )


def prices(market: Panel) -> Floats:
    """[symbol × minute]: what a position is marked at, the last one known where a minute has none."""
    mark = market.columns.get("mark")
    close = market.columns["close"]
    return forward(close if mark is None else np.where(np.isfinite(mark), mark, close))


def forward(values: Floats) -> Floats:
    """The last known value of every row; NaN before the first."""
    known = np.isfinite(values)
    last = np.maximum.accumulate(np.where(known, np.arange(values.shape[1]), 0), axis=1)
    return np.take_along_axis(values, last, axis=1)


def traded_usd(fills: Iterable[Fill]) -> float:
    """What changed hands."""
    return float(sum(fill.price * fill.quantity for fill in fills))


def _column(at: datetime, market: Panel) -> int:
    """The first minute whose close is not before that time."""
    closed = -(-unix_ms(at) // MINUTE_MS) - 1
    return min(max(closed - market.start, 0), market.minutes - 1)


def _held_still(marks: Floats, cash: float) -> Floats:
    """Each symbol bought with its share at its first price; a share waits as cash until then."""
    share = cash / len(marks)
    parts = [np.where(np.isfinite(row), share * row / _first(row), share) for row in marks]
    return np.asarray(np.sum(parts, axis=0), dtype=np.float64)


def _first(row: Floats) -> float:
    known = row[np.isfinite(row)]
    return float(known[0]) if known.size else 1.0
