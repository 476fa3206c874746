"""Fills of one order at one moment become one, and the money stays the same."""

from decimal import Decimal

from strandloom.exchange import commands as c
from strandloom.exchange.asset import E8, MICRO
from strandloom.exchange.engine import Engine
from strandloom.exchange.server import merge

START = 1_767_100_020_000
ANN = "0x" + "a" * 40


def test_an_order_that_walked_the_book_is_one_fill_at_its_average() -> None:
    engine = Engine()
    engine.apply(c.ListAsset(START, "ACE", 2, 20))
    engine.apply(c.Deposit(START, ANN, 1_000_000 * MICRO))
    bar = c.PathBar(0, 1_000_000, 1_003_000, 997_000, 1_000_000, 100_000)
    engine.apply(c.MarketBars(START, (bar,)))
    engine.apply(c.Place(START + 60_000, ANN, (c.Ask(0, True, 105 * E8, 100 * E8, "Ioc"),)))
    plain = engine.fills(ANN)
    (merged,) = merge.by_time(plain)
    assert len(plain) > 1
    assert merged.sz == sum(fill.sz for fill in plain)
    assert merged.fee == sum(fill.fee for fill in plain)
    assert merged.px * merged.sz == sum((fill.px * fill.sz for fill in plain), Decimal(0))
    assert merged.start_position == 0


def test_fills_of_different_orders_stay_apart() -> None:
    engine = Engine()
    engine.apply(c.ListAsset(START, "ACE", 2, 20))
    engine.apply(c.Deposit(START, ANN, 1_000_000 * MICRO))
    bar = c.PathBar(0, 1_000_000, 1_003_000, 997_000, 1_000_000, 100_000)
    engine.apply(c.MarketBars(START, (bar,)))
    for n in range(3):
        engine.apply(c.Place(START + 60_000 + n, ANN, (c.Ask(0, True, 105 * E8, E8, "Ioc"),)))
    assert merge.by_time(engine.fills(ANN)) == engine.fills(ANN)
