"""What the SDK's own example scripts do, written anew: each works when only the base URL is changed."""

import time
from collections.abc import Iterator
from typing import Any

import eth_account
import pytest
from hyperliquid.exchange import Exchange
from hyperliquid.info import Info
from hyperliquid.utils.types import Cloid

from tests.acceptance.exchange.listening import listening
from tests.acceptance.exchange.trader import GTC, a_wallet
from tests.acceptance.exchange.world import World, a_world

KEY = 0xE8


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


@pytest.fixture
def ready(world: World) -> tuple[str, Info, Exchange]:
    """As every example begins: a wallet from a key, both clients, and a look whether there is money."""
    account = a_wallet(KEY)
    info = Info(world.url, skip_ws=True)
    state = info.user_state(account.address)
    spot = info.spot_user_state(account.address)
    assert float(state["marginSummary"]["accountValue"]) > 0 or spot["balances"]
    return account.address, info, Exchange(account, world.url, account_address=account.address)


def oid_of(answer: Any) -> int:
    assert answer["status"] == "ok", answer
    return int(answer["response"]["data"]["statuses"][0]["resting"]["oid"])


def test_an_order_is_placed_looked_up_and_cancelled(ready: tuple[str, Info, Exchange]) -> None:
    address, info, exchange = ready
    oid = oid_of(exchange.order("ETH", True, 0.2, 1100, GTC))
    assert info.query_order_by_oid(address, oid)["order"]["status"] == "open"
    assert exchange.cancel("ETH", oid)["response"]["data"]["statuses"] == ["success"]


def test_a_market_order_is_opened_with_one_percent_of_slippage_and_closed(
    ready: tuple[str, Info, Exchange],
) -> None:
    _, _, exchange = ready
    (status,) = exchange.market_open("ETH", True, 0.05, None, 0.01)["response"]["data"]["statuses"]
    assert status["filled"]["totalSz"] == "0.05"
    (status,) = exchange.market_close("ETH")["response"]["data"]["statuses"]
    assert status["filled"]["totalSz"] == "0.05"


def test_an_order_is_changed_by_oid_and_by_cloid(ready: tuple[str, Info, Exchange]) -> None:
    address, info, exchange = ready
    cloid = Cloid.from_str("0x00000000000000000000000000000001")
    oid = oid_of(exchange.order("ETH", True, 0.2, 1100, GTC, cloid=cloid))
    again = oid_of(exchange.modify_order(oid, "ETH", True, 0.1, 1105, GTC, cloid=cloid))
    oid_of(exchange.modify_order(cloid, "ETH", True, 0.1, 1106, GTC, cloid=cloid))
    assert info.query_order_by_oid(address, again)["order"]["status"] == "canceled"
    missing = Cloid.from_str("0x00000000000000000000000000000002")
    assert info.query_order_by_cloid(address, missing) == {"status": "unknownOid"}
    assert exchange.cancel_by_cloid("ETH", cloid)["response"]["data"]["statuses"] == ["success"]


def test_leverage_is_changed_and_margin_added(ready: tuple[str, Info, Exchange]) -> None:
    address, info, exchange = ready
    assert exchange.update_leverage(21, "ETH")["status"] == "ok"
    assert exchange.update_leverage(22, "ETH", False)["status"] == "ok"
    exchange.market_open("ETH", True, 0.1)
    assert exchange.update_isolated_margin(1, "ETH")["status"] == "ok"
    (held,) = info.user_state(address)["assetPositions"]
    assert held["position"]["leverage"]["value"] == 22
    exchange.market_close("ETH")
    exchange.update_leverage(20, "ETH")


def test_sizes_and_prices_are_rounded_by_the_rules_of_meta(ready: tuple[str, Info, Exchange]) -> None:
    _, info, exchange = ready
    decimals = {asset["name"]: asset["szDecimals"] for asset in info.meta()["universe"]}
    price = round(float(f"{123.4567:.5g}"), 6 - decimals["SOL"])
    oid = oid_of(exchange.order("SOL", True, round(1.2345678, decimals["SOL"]), price, GTC))
    exchange.cancel("SOL", oid)


def test_an_agent_is_approved_and_trades(world: World, ready: tuple[str, Info, Exchange]) -> None:
    address, _, exchange = ready
    for name in (None, "persist"):
        answer, key = exchange.approve_agent(name)
        assert answer["status"] == "ok"
        agent = Exchange(eth_account.Account.from_key(key), world.url, account_address=address)
        oid = oid_of(agent.order("ETH", True, 0.2, 1000, GTC))
        assert agent.cancel("ETH", oid)["status"] == "ok"


def test_money_is_sent_to_the_zero_address(ready: tuple[str, Info, Exchange]) -> None:
    _, _, exchange = ready
    answer = exchange.usd_transfer(1, "0x0000000000000000000000000000000000000000")
    assert answer == {"status": "ok", "response": {"type": "default"}}


def test_a_dead_mans_switch_answers_as_the_venue_does(ready: tuple[str, Info, Exchange]) -> None:
    _, _, exchange = ready
    answer = exchange.schedule_cancel(int(time.time() * 1000) + 10_000)
    assert answer["status"] == "err"
    assert "enough volume traded" in answer["response"]


def test_all_open_orders_are_cancelled(ready: tuple[str, Info, Exchange]) -> None:
    address, info, exchange = ready
    for price in (1100, 1101, 1102):
        exchange.order("ETH", True, 0.2, price, GTC)
    for order in info.open_orders(address):
        assert exchange.cancel(order["coin"], order["oid"])["status"] == "ok"
    assert info.open_orders(address) == []


def test_everything_there_is_can_be_subscribed_to(world: World, ready: tuple[str, Info, Exchange]) -> None:
    address, _, exchange = ready
    with listening(world) as heard:
        for kind in (
            "userEvents",
            "userFills",
            "orderUpdates",
            "userFundings",
            "userNonFundingLedgerUpdates",
        ):
            heard.to(kind, user=address)
        heard.to("webData2", served=False, user=address)  # the venue gave this one up; nothing comes
        heard.to("trades", served=False, coin="PURR/USDC")  # spot is not traded here; nothing comes
        heard.to("activeAssetCtx", served=False, coin="@1")
        heard.to("allMids")
        heard.to("candle", coin="ETH", interval="1m")
        for kind in ("l2Book", "bbo"):
            heard.to(kind, coin="ETH")
        heard.to("activeAssetCtx", coin="BTC")
        heard.to("activeAssetData", coin="BTC", user=address)
        exchange.market_open("ETH", True, 0.05)
        exchange.usd_transfer(1, "0x0000000000000000000000000000000000000000")
        world.minute()
        for channel in ("userFills", "orderUpdates", "user", "userFundings", "userNonFundingLedgerUpdates"):
            assert heard.next(channel)
        for channel in ("allMids", "candle", "l2Book", "bbo", "activeAssetCtx", "activeAssetData"):
            assert heard.next(channel)
