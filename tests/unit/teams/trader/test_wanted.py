"""What crossing costs by the last hour of a market, the minutes that are missing left out."""

from collections.abc import Iterable
from itertools import pairwise
from math import log, sqrt

import pytest

from strandloom.kinds.market import Bar
from strandloom.market.window import Window
from strandloom.scoring.costs import modelled_slippage_bps
from strandloom.teams.trader.wanted import Crossing
from tests.network import at_minute

CLOSES = [100.0 + 0.1 * (n * n % 7) for n in range(90)]


def a_window(minutes: Iterable[int]) -> Window:
    """BTC in all of the ninety minutes, ETH in these."""
    known, window = set(minutes), Window(("BTC", "ETH"))
    for n, close in enumerate(CLOSES):
        at = at_minute(n)
        there = ("BTC", "ETH") if n in known else ("BTC",)
        bars = [
            Bar(venue="test", symbol=s, at=at, open=close, high=close, low=close, close=close, volume=n + 1.0)
            for s in there
        ]
        window.append(int(at.timestamp()) // 60, bars)
    return window


@pytest.mark.parametrize("known", [range(90), [n for n in range(90) if n % 5]])
def test_it_is_worked_out_from_the_minutes_of_the_last_hour_that_are_known(known: Iterable[int]) -> None:
    hour = [(CLOSES[n], n + 1.0) for n in known if n >= 30]
    moves = [log(b / a) for (a, _), (b, _) in pairwise(hour)]
    sd_bps = sqrt(sum(move * move for move in moves) / len(moves)) * 10_000
    minute_usd = sum(close * volume for close, volume in hour) / len(hour)
    slippage_bps = modelled_slippage_bps(sd_bps, minute_usd, 5_000.0)
    found = Crossing().bps(a_window(known).view(), "ETH", 5_000.0)
    assert found == pytest.approx((min(max(0.1 * sd_bps, 0.25), 50.0), slippage_bps))


def test_of_a_market_that_is_too_young_or_not_there_nothing_is_said() -> None:
    market = a_window(range(81, 90)).view()
    assert Crossing().bps(market, "ETH", 5_000.0) is None
    assert Crossing().bps(market, "SOL", 5_000.0) is None
