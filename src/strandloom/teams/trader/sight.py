"""What the closed minutes show of a symbol, as conditions and styles want it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np

from strandloom.blackboard.desk import Market
from strandloom.market.conditions import Seen

VOLUME_MINUTES = 60
BPS = 10_000


def mid_of(market: Market, symbol: str) -> Decimal | None:
    """The newest close of a symbol that is there; nothing else is a price."""
    if symbol not in market.symbols:
        return None
    close = float(market.bars().close[market.symbols.index(symbol), -1])
    return Decimal(repr(close)) if np.isfinite(close) else None


def seen(market: Market, symbol: str, now: datetime, *, since: datetime) -> Seen:
    """What the closed minutes show of a symbol."""
    mid = mid_of(market, symbol)
    if mid is None:
        return Seen(at=now)
    row, bars = market.symbols.index(symbol), market.bars()
    waited = int((now - since).total_seconds() // 60)
    closes = bars.close[row, -max(waited, 1) :]
    known = closes[np.isfinite(closes)]
    volume = bars.volume[row, -VOLUME_MINUTES - 1 :]
    usual = float(np.nanmean(volume[:-1])) if volume.size > 1 and np.isfinite(volume[:-1]).any() else 0.0
    last = float(volume[-1]) if volume.size else float("nan")
    return Seen(
        at=now,
        mid=mid,
        spread_bps=spread_bps(bars.bid, bars.ask, row),
        lowest_close=Decimal(repr(float(known.min()))) if known.size else None,
        highest_close=Decimal(repr(float(known.max()))) if known.size else None,
        volume_times=Decimal(repr(last / usual)) if usual > 0 and np.isfinite(last) else None,
    )


def spread_bps(bids: Any, asks: Any, row: int) -> Decimal | None:
    """The quoted spread at the close of the newest minute."""
    if not bids.shape[1] or not asks.shape[1]:
        return None
    bid, ask = float(bids[row, -1]), float(asks[row, -1])
    if not (np.isfinite(bid) and np.isfinite(ask) and 0 < bid < ask):
        return None
    return Decimal(repr((ask - bid) / (ask + bid) * 2 * BPS))
