"""Funding as an hourly rate: an 8- or 4-hour rate divided by its interval, known from its stamp on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from strandloom.market import minute as minutes
from strandloom.market.bars import Bars, Flags, Floats, Minutes, bars

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Funding:
    """The rates of one symbol as they were published, in time order."""

    symbol: str
    stamp_ms: NDArray[np.int64]
    rate: Floats  # over its whole interval
    interval_h: Floats

    def hourly_at(self, at_ms: NDArray[np.int64]) -> Floats:
        """The hourly rate in force at each moment: of the last stamp not after it, NaN before the first."""
        index = np.searchsorted(self.stamp_ms, at_ms, side="right") - 1
        hourly = np.append(self.rate / self.interval_h, np.nan)  # index -1 meets the NaN
        return hourly[index]


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a position pays at a full hour per unit of notional, and the price that was known then."""

    at: datetime
    rate: float
    price: float


def spaced(symbol: str, stamp_ms: NDArray[np.int64], rate: Floats, first_interval_h: float = 8.0) -> Funding:
    """Rates whose interval nobody wrote down: it is the whole hours since the stamp before."""
    hours = np.rint(np.diff(stamp_ms) / HOUR_MS)
    interval = np.concatenate(([first_interval_h], np.maximum(hours, 1.0)))[: len(rate)]
    return Funding(symbol=symbol, stamp_ms=stamp_ms, rate=rate, interval_h=interval)


def with_funding(piece: Bars, funding: Funding) -> Bars:
    """The bars with the hourly rate that was known when each closed."""
    closed_ms = (piece.minute + 1) * minutes.MINUTE_MS
    columns = {**piece.columns, "funding": funding.hourly_at(closed_ms)}
    return bars(piece.venue, piece.symbol, piece.minute, columns, piece.filled)


def charges(piece: Bars) -> Iterator[Charge]:
    """One charge per full hour, on the oracle where the feed has one, else on the close known at the hour."""
    rate = piece.columns.get("funding")
    if rate is None:
        return
    price = _price(piece)
    for row in np.flatnonzero(_closes_an_hour(piece.minute) & np.isfinite(rate)):
        at = minutes.closes(int(piece.minute[row]))
        yield Charge(at=at, rate=float(rate[row]), price=float(price[row]))


def _closes_an_hour(minute: Minutes) -> Flags:
    return np.equal((minute + 1) % 60, 0)


def _price(piece: Bars) -> Floats:
    oracle = piece.columns.get("oracle")
    close = piece.columns["close"]
    return close if oracle is None else np.where(np.isfinite(oracle), oracle, close)
