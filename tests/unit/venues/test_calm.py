"""How far a replay may go before something can happen to an account of the built-in exchange."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.asset import Asset
from strandloom.exchange.market import Market
from strandloom.exchange.order import Order
from strandloom.exchange.rules import Depth
from strandloom.indicators.frame import Floats, Minutes, nothing
from strandloom.venues.calm import calm_until

BTC = Asset(0, "BTC", 5, 40)  # ten ticks in a dollar, a hundred thousand lots in a coin
FIRST = 1_000


@dataclass(frozen=True, kw_only=True)
class Known:
    """Coming minutes of one symbol; without marks, as most feeds are."""

    closes: list[float]
    marks: list[float] | None = None
    first: int = FIRST
    symbols: tuple[str, ...] = ("BTC",)

    @property
    def stop(self) -> int:
        return self.first + len(self.closes)

    def column(self, name: str) -> Floats:
        away = {"low": -0.5, "high": 0.5, "close": 0.0}
        if name in away:
            return np.array([self.closes]) + away[name]
        return nothing(1, len(self.closes)) if self.marks is None else np.array([self.marks])

    def through(self, timeframe: str, think: Any) -> tuple[Minutes, Floats]:
        raise NotImplementedError


def an_order(oid: int, *, buys: bool, px: float, triggers: bool = False) -> Order:
    order = Order(oid, "me", 0, buys, round(px * BTC.whole), 1_000, "Gtc", triggers, None, 0)
    if triggers:
        order.trigger_px, order.tpsl = order.px, "sl"
    return order


def stirs_at(ahead: Known, *orders: Order, lots: int = 0, cash_usd: float = 1_000.0) -> int:
    """After how many minutes the account is looked at."""
    account, stake = Account("me", 0), Stake("me", 0, 10, True)
    account.stakes[0] = stake
    stake.szi = lots
    for order in orders:
        (stake.triggers if order.is_trigger else stake.orders)[order.oid] = order
    return calm_until(account, [Market(BTC, Depth())], ahead, ahead.stop, cash_usd) - FIRST


def test_an_order_is_met_by_the_lowest_or_the_highest_price_of_a_minute() -> None:
    falling, rising = Known(closes=[100.0, 99.0, 98.0, 97.0]), Known(closes=[100.0, 101.0, 102.0, 103.0])
    assert stirs_at(falling, an_order(1, buys=True, px=97.5)) == 2
    assert stirs_at(rising, an_order(1, buys=True, px=97.5)) == 4
    assert stirs_at(rising, an_order(1, buys=False, px=102.4)) == 2
    assert stirs_at(rising, an_order(1, buys=False, px=110.0), an_order(2, buys=False, px=101.4)) == 1


def test_a_trigger_is_met_by_the_mark_as_well_where_that_stands_apart() -> None:
    stop = an_order(1, buys=False, px=97.0, triggers=True)
    closes = [100.0, 100.0, 100.0]
    assert stirs_at(Known(closes=closes), stop, lots=1_000) == 3
    assert stirs_at(Known(closes=closes, marks=[100.0, 97.4, 100.0]), stop, lots=1_000) == 1
    assert stirs_at(Known(closes=closes, marks=[np.nan, 101.0, np.nan]), stop, lots=1_000) == 3


def test_a_minute_without_a_bar_is_looked_at() -> None:
    assert stirs_at(Known(closes=[100.0, np.nan, 100.0]), an_order(1, buys=True, px=90.0)) == 1


def test_an_account_that_could_be_liquidated_is_looked_at_every_minute() -> None:
    calm = Known(closes=[100.0, 100.0])
    assert stirs_at(calm, lots=4 * BTC.lots) == 2
    assert stirs_at(calm, lots=6 * BTC.lots) == 0
    assert stirs_at(calm, lots=-6 * BTC.lots) == 0


def test_what_is_not_in_the_market_cannot_be_foreseen() -> None:
    assert stirs_at(Known(closes=[100.0, 100.0], symbols=("ETH",)), an_order(1, buys=True, px=90.0)) == 0
