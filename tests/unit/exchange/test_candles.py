"""Candles of a span are those of all time that lie in it, however far the span reaches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.exchange.asset import Asset
from strandloom.exchange.look.candles import INTERVALS, candles
from strandloom.exchange.market import Candle, Market
from strandloom.exchange.rules import Depth

MINUTE_MS = 60_000
BEGAN = 1_767_100_000_000 // MINUTE_MS * MINUTE_MS
MINUTES = 4_000
EVER = 2**62


def a_market() -> Market:
    market = Market(Asset(0, "BTC", 5, 40), Depth())
    for n in range(MINUTES):
        if n % 7:
            market.bars.append(Candle(BEGAN + n * MINUTE_MS, n + 10, n + 20, n + 1, n + 11, n, 1))
    return market


MARKET = a_market()
MOMENT = st.integers(BEGAN - 10**9, BEGAN + (MINUTES + 2_000) * MINUTE_MS) | st.sampled_from([0, 2**64 - 1])


@pytest.mark.parametrize("interval", INTERVALS)
@given(start=MOMENT, end=MOMENT)
def test_a_span_is_cut_from_all_time(interval: str, start: int, end: int) -> None:
    whole = candles(MARKET, interval, 0, EVER)
    expected = [candle for candle in whole if start <= candle.end and candle.start <= end]
    assert candles(MARKET, interval, start, end) == expected


def test_a_longer_candle_holds_its_minutes() -> None:
    (hour, *_) = candles(MARKET, "1h", BEGAN + 3_600_000, EVER)
    inside = [bar for bar in MARKET.bars if hour.start <= bar.at <= hour.end]
    assert hour.high == MARKET.asset.price(max(bar.high for bar in inside))
    assert hour.volume == MARKET.asset.size(sum(bar.volume for bar in inside))


def test_a_market_without_bars_has_no_candles() -> None:
    assert candles(Market(Asset(0, "BTC", 5, 40), Depth()), "1m", 0, EVER) == []
