"""A standing keeps the sum of its closed results true to the days that it remembers."""

from datetime import timedelta
from decimal import Decimal

from strandloom.risk.limits import load
from strandloom.risk.standing import Mark, Standing, advance, begin, closed, release_symbol, sums
from tests.network import NOON

LIMITS = load()


def a_mark(days: int, **open_usd: Decimal) -> Mark:
    return Mark(
        at=NOON + timedelta(days=days), equity_usd=Decimal(1_000), flows_usd=Decimal(0), open_usd=open_usd
    )


def lived_through(days: int) -> Standing:
    standing = begin(a_mark(0))
    for day in range(days):
        standing = advance(standing, a_mark(day), LIMITS)
        for symbol, usd in (("BTC", Decimal("-1.5")), ("ETH", Decimal(day))):
            standing = closed(standing, symbol, usd, NOON + timedelta(days=day), f"{symbol} {day}")
    return standing


def test_results_count_for_thirty_days_and_what_is_open_beside_them() -> None:
    standing = advance(lived_through(40), a_mark(39, BTC=Decimal(7), SOL=Decimal(1)), LIMITS)
    assert standing.result_30d() == {
        "BTC": 7 - 30 * Decimal("1.5"),
        "ETH": Decimal(sum(range(10, 40))),
        "SOL": Decimal(1),
    }


def test_the_sum_is_that_of_the_days_after_every_change() -> None:
    standing = lived_through(35)
    assert standing.closed_usd == sums(standing.results)
    released = release_symbol(standing, "BTC")
    assert released.closed_usd == sums(released.results) == {"ETH": standing.closed_usd["ETH"]}


def test_a_symbol_that_lost_much_of_the_account_rises_to_the_level_it_deserves() -> None:
    for percent, level in ((4, 0), (6, 1), (12, 2), (30, 3)):
        lost = closed(begin(a_mark(0)), "BTC", Decimal(-10 * percent), NOON, "trade")
        after = advance(lost, a_mark(0), LIMITS)
        assert after.probation.get("BTC", 0) == level
        assert list(after.no_entry_since) == (["BTC"] if level == 3 else [])


def test_a_deposit_buys_units_and_is_neither_gain_nor_loss_of_the_day() -> None:
    before = begin(a_mark(0))
    paid_in = Mark(at=NOON, equity_usd=Decimal(1_500), flows_usd=Decimal(500), open_usd={})
    after = advance(before, paid_in, LIMITS)
    assert (after.units, after.unit_value, after.high_water) == (1_500, 1, 1)
    assert after.day_start_usd == 1_500
    assert advance(after, paid_in, LIMITS) == after


def test_a_new_day_begins_with_what_there_is() -> None:
    before = closed(begin(a_mark(0)), "BTC", Decimal(-5), NOON, "trade")
    next_day = Mark(at=NOON + timedelta(days=1), equity_usd=Decimal(990), flows_usd=Decimal(100), open_usd={})
    after = advance(before, next_day, LIMITS)
    assert (after.day - before.day).days == 1
    assert (after.day_start_usd, after.flows_usd, after.units) == (990, 100, 1_100)
    assert after.unit_value == Decimal("0.9")
