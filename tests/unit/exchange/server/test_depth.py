"""Levels are grouped outwards, never inwards, and no size is lost on the way."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.exchange import commands as c
from strandloom.exchange.engine import Engine
from strandloom.exchange.server import depth
from strandloom.exchange.server.asked import Asked
from strandloom.exchange.server.forms import Unreadable

START = 1_767_100_020_000


def an_exchange() -> Engine:
    """BTC around 100 000, a spread and twenty levels on each side."""
    engine = Engine()
    engine.apply(c.ListAsset(START, "BTC", 5, 40))
    for n in range(3):
        bar = c.PathBar(0, 1_000_000, 1_003_000, 997_000, 1_000_000, 10_000_000)
        engine.apply(c.MarketBars(START + n * 60_000, (bar,)))
    return engine


EXCHANGE = an_exchange()


def sizes(side: list[dict[str, str]]) -> Decimal:
    return sum((Decimal(level["sz"]) for level in side), Decimal(0))


@given(st.integers(2, 5), st.sampled_from([None, 1, 2, 5]))
def test_grouping_keeps_every_size_and_the_side_of_every_price(figures: int, mantissa: int | None) -> None:
    grouping = figures, mantissa if figures == 5 else None
    plain = depth.book(EXCHANGE, 0, (None, None), 1_000)["levels"]
    grouped = depth.book(EXCHANGE, 0, grouping, 1_000)["levels"]
    for side in (0, 1):
        assert sizes(grouped[side]) == sizes(plain[side])
        assert len(grouped[side]) <= len(plain[side])
    assert Decimal(grouped[0][0]["px"]) <= Decimal(plain[0][0]["px"])
    assert Decimal(grouped[1][0]["px"]) >= Decimal(plain[1][0]["px"])


def test_two_figures_of_a_hundred_thousand_are_steps_of_ten_thousand() -> None:
    bids, asks = depth.book(EXCHANGE, 0, (2, None))["levels"]
    assert bids[0]["px"] == "99000.0"
    assert [level["px"] for level in asks] == ["110000.0"]


def test_a_shown_book_ends_after_twenty_levels() -> None:
    book = depth.book(EXCHANGE, 0, (None, None))
    assert [len(side) for side in book["levels"]] == [20, 20]
    assert [len(side) for side in depth.book(EXCHANGE, 0, (None, None), 5)["levels"]] == [5, 5]


@pytest.mark.parametrize(
    "fields", [{"nSigFigs": 1}, {"nSigFigs": 6}, {"nSigFigs": 5, "mantissa": 3}, {"mantissa": 2}]
)
def test_a_grouping_that_the_venue_does_not_know_is_unreadable(fields: dict[str, int]) -> None:
    with pytest.raises(Unreadable):
        depth.grouping(Asked(fields))
