"""What /info says is what the engine holds, after a life with a bit of everything."""

from decimal import Decimal
from typing import Any

import pytest

from strandloom.exchange.account import Account
from strandloom.exchange.asset import dollars
from strandloom.exchange.engine import Engine
from strandloom.exchange.state import State
from tests.acceptance.exchange.trader import ALO, Trader, stop
from tests.acceptance.exchange.world import World


@pytest.fixture
def lived(world: World, alice: Trader) -> State:
    """Cross and isolated positions, resting and trigger orders, fills, fees and funding."""
    alice.exchange.update_leverage(5, "ETH", is_cross=False)
    alice.fills("BTC", 0.02)
    alice.fills("ETH", -1.0)
    alice.fills("SOL", 3.0)
    alice.exchange.market_close("SOL")
    alice.rests("BTC", 0.01, 95_000, ALO)
    alice.rests("BTC", -0.02, 85_000, stop(90_000), reduce_only=True)
    alice.rests("ETH", 0.5, 3_000)
    world.minutes(40)
    world.minute(BTC=(100_000, 101_000, 99_500, 100_700), ETH=(4_000, 4_050, 3_990, 4_020))
    engine = world.exchange
    assert isinstance(engine, Engine)
    return engine.state


def account_of(state: State, trader: Trader) -> Account:
    return state.accounts[trader.address.lower()]


def number(text: str) -> Decimal:
    return Decimal(text)


def test_the_margin_summary_is_cash_and_positions_at_the_mark(lived: State, alice: Trader) -> None:
    account, told = account_of(lived, alice), alice.state()
    value = account.cash
    notional = 0
    for stake in account.stakes.values():
        market = lived.markets[stake.asset]
        value += stake.cash + stake.szi * market.mark
        notional += abs(stake.szi * market.mark)
    assert number(told["marginSummary"]["accountValue"]) == dollars(value)
    assert number(told["marginSummary"]["totalNtlPos"]) == dollars(notional)


def test_account_value_is_raw_dollars_plus_signed_notional(lived: State, alice: Trader) -> None:
    told = alice.state()
    signed = sum(
        number(held["position"]["positionValue"]) * (1 if number(held["position"]["szi"]) > 0 else -1)
        for held in told["assetPositions"]
    )
    summary = told["marginSummary"]
    assert number(summary["accountValue"]) == number(summary["totalRawUsd"]) + signed


def test_positions_are_the_engines(lived: State, alice: Trader) -> None:
    account = account_of(lived, alice)
    told = {held["position"]["coin"]: held["position"] for held in alice.state()["assetPositions"]}
    assert set(told) == {"BTC", "ETH"}
    for stake in account.stakes.values():
        if not stake.szi:
            continue
        market = lived.markets[stake.asset]
        position = told[market.asset.name]
        assert number(position["szi"]) == market.asset.size(stake.szi)
        assert number(position["unrealizedPnl"]) == dollars(stake.szi * market.mark - stake.cost)
        assert position["leverage"]["type"] == ("cross" if stake.is_cross else "isolated")
        assert number(position["cumFunding"]["allTime"]) == dollars(stake.funding_all)
    assert number(told["BTC"]["cumFunding"]["sinceOpen"]) != 0


def test_open_orders_are_the_engines(lived: State, alice: Trader) -> None:
    account = account_of(lived, alice)
    told = {order["oid"]: order for order in alice.info.frontend_open_orders(alice.address)}
    assert set(told) == set(account.live)
    assert {order["oid"] for order in alice.info.open_orders(alice.address)} == set(account.live)
    for oid, order in account.live.items():
        asset = lived.markets[order.asset].asset
        assert number(told[oid]["sz"]) == asset.size(order.left)
        assert number(told[oid]["limitPx"]) == asset.price(order.px)


def test_fills_and_fees_are_the_engines(lived: State, alice: Trader) -> None:
    account = account_of(lived, alice)
    told = alice.info.user_fills(alice.address)
    assert [(fill["oid"], fill["tid"], fill["time"]) for fill in told] == [
        (fill.oid, fill.tid, fill.at) for fill in reversed(account.fills)
    ]
    assert sum(number(fill["fee"]) for fill in told) == dollars(sum(fill.fee for fill in account.fills))
    oldest_first = alice.info.user_fills_by_time(alice.address, 0)
    assert oldest_first == told[::-1]


def test_funding_paid_is_the_engines(lived: State, alice: Trader) -> None:
    account = account_of(lived, alice)
    told = alice.info.user_funding_history(alice.address, 0)
    assert sum(number(paid["delta"]["usdc"]) for paid in told) == dollars(
        sum(paid.usd for paid in account.fundings)
    )
    rates = alice.info.funding_history("BTC", 0)
    assert {paid["time"] for paid in told} <= {rate["time"] for rate in rates}


def test_the_market_is_the_engines(lived: State, alice: Trader) -> None:
    meta, contexts = alice.info.meta_and_asset_ctxs()
    assert [asset["name"] for asset in meta["universe"]] == [m.asset.name for m in lived.markets]
    for market, told in zip(lived.markets, contexts, strict=True):
        assert number(told["markPx"]) == market.asset.price(market.mark)
        assert number(told["oraclePx"]) == market.asset.price(market.oracle)
    candles: Any = alice.info.candles_snapshot("BTC", "1m", 0, lived.now)
    assert [candle["t"] for candle in candles] == [bar.at for bar in lived.markets[0].bars]


def test_an_account_that_nobody_opened_is_empty_everywhere(world: World, alice: Trader) -> None:
    nobody = "0x" + "9" * 40
    info = alice.info
    assert info.open_orders(nobody) == info.frontend_open_orders(nobody) == []
    assert info.user_fills(nobody) == info.historical_orders(nobody) == []
    assert info.user_role(nobody) == {"role": "missing"}
    assert info.extra_agents(nobody) == []
    assert info.query_order_by_oid(nobody, 1) == {"status": "unknownOid"}
    assert info.user_fees(nobody)["userCrossRate"] == "0.00045"
    assert info.user_rate_limit(nobody)["nRequestsCap"] == 10_000
    assert info.post("/info", {"type": "userAbstraction", "user": nobody}) == "default"
