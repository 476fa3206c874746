"""Candles of any interval, rolled up from the minutes that are kept."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby, takewhile

from strandloom.basics.ids import from_unix_ms, unix_ms
from strandloom.exchange.market import Candle, Market
from strandloom.exchange.views import CandleView

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
INTERVALS = {
    "1m": _MINUTE,
    "3m": 3 * _MINUTE,
    "5m": 5 * _MINUTE,
    "15m": 15 * _MINUTE,
    "30m": 30 * _MINUTE,
    "1h": _HOUR,
    "2h": 2 * _HOUR,
    "4h": 4 * _HOUR,
    "8h": 8 * _HOUR,
    "12h": 12 * _HOUR,
    "1d": _DAY,
    "3d": 3 * _DAY,
    "1w": 7 * _DAY,
    "1M": 0,
}


def candles(market: Market, interval: str, start: int, end: int) -> list[CandleView]:
    """Those that begin within the span, oldest first; an unknown interval has none."""
    if interval not in INTERVALS:
        return []
    if not market.bars:
        return []
    since = begins(min(max(0, start), market.bars[-1].at), interval)
    recent = list(takewhile(lambda bar: bar.at >= since, reversed(market.bars)))[::-1]
    rolled = (
        _roll(market, interval, opened, bars)
        for opened, bars in groupby(recent, key=lambda bar: begins(bar.at, interval))
        if opened <= end and start <= ends(opened, interval)
    )
    return list(rolled)


def begins(at: int, interval: str) -> int:
    """The start of the interval that holds this moment, in UTC."""
    length = INTERVALS[interval]
    if length:
        return at - at % length
    return unix_ms(from_unix_ms(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0))


def ends(start: int, interval: str) -> int:
    """The last millisecond of an interval."""
    length = INTERVALS[interval]
    if length:
        return start + length - 1
    day = from_unix_ms(start)
    following = datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=day.tzinfo)
    return unix_ms(following) - 1


def _roll(market: Market, interval: str, start: int, bars: Iterable[Candle]) -> CandleView:
    minutes = list(bars)
    asset = market.asset
    return CandleView(
        start=start,
        end=ends(start, interval),
        coin=asset.name,
        interval=interval,
        open=asset.price(minutes[0].open),
        high=asset.price(max(bar.high for bar in minutes)),
        low=asset.price(min(bar.low for bar in minutes)),
        close=asset.price(minutes[-1].close),
        volume=asset.size(sum(bar.volume for bar in minutes)),
        trades=sum(bar.trades for bar in minutes),
    )
