"""A minute is played through its own four points and nowhere else."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from strandloom.exchange.server import route
from strandloom.kinds.market import Bar

PRICE = st.integers(1_000, 2_000)


def a_bar(prices: list[int]) -> Bar:
    low, high = min(prices), max(prices)
    return Bar(
        venue="test",
        symbol="BTC",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        open=prices[0],
        high=high,
        low=low,
        close=prices[-1],
        volume=50.0,
    )


BAR = st.lists(PRICE, min_size=2, max_size=6).map(a_bar)


@given(BAR)
def test_it_goes_from_open_to_close_through_both_extremes(bar: Bar) -> None:
    assert route.price(bar, 0.0) == bar.open
    assert route.price(bar, 1.0) == bar.close
    assert {route.price(bar, 1 / 3), route.price(bar, 2 / 3)} == {bar.low, bar.high}


@given(BAR, st.floats(0, 1))
def test_it_never_leaves_the_bar(bar: Bar, share: float) -> None:
    assert bar.low - 1e-9 <= route.price(bar, share) <= bar.high + 1e-9


@given(BAR, st.floats(0, 1))
def test_bid_and_ask_stand_around_it(bar: Bar, share: float) -> None:
    quote = route.quote(bar, share, spread=2.0, depth=0.02)
    assert abs(float(quote.ask - quote.bid) - 2.0) < 1e-3
    assert float(quote.bid) < route.price(bar, share) < float(quote.ask)
    assert quote.bid_size == quote.ask_size == 1
