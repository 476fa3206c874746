"""Freshness is the age of a symbol's newest bar by the market clock."""

from strandloom.market.freshness import Freshness
from tests.bars import MINUTE as M
from tests.bars import a_bar, after_close


def test_the_age_counts_from_the_close_of_the_newest_bar() -> None:
    fresh = Freshness(["BTC", "ETH"])
    fresh.bars([a_bar("BTC", M + 1), a_bar("BTC", M)], after_close(M + 1))
    btc, eth = fresh.at(after_close(M + 1, 75))
    assert (btc.age_s, btc.bar) == (75.0, a_bar("BTC", M + 1))
    assert (eth.age_s, eth.bar) == (None, None)


def test_a_silent_symbol_ages_while_others_flow() -> None:
    fresh = Freshness(["BTC", "ETH"])
    for n in range(3):
        fresh.bars([a_bar("BTC", M + n)], after_close(M + n))
        fresh.missed(["ETH"], M + n)
    btc, eth = fresh.at(after_close(M + 2))
    assert (btc.age_s, btc.missing, btc.per_minute) == (1.0, 0, 1.0)
    assert (eth.missing, eth.per_minute) == (3, 0.0)


def test_a_missing_minute_that_came_late_is_missing_no_more() -> None:
    fresh = Freshness(["BTC"])
    fresh.missed(["BTC"], M)
    fresh.bars([a_bar("BTC", M)], after_close(M + 1))
    assert fresh.at(after_close(M + 1))[0].missing == 0


def test_minutes_missing_more_than_a_day_ago_are_not_counted() -> None:
    fresh = Freshness(["BTC"])
    fresh.missed(["BTC"], M)
    fresh.missed(["BTC"], M + 1440)
    assert fresh.at(after_close(M + 1440))[0].missing == 1
