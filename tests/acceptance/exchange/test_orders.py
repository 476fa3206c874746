"""The whole life of orders, driven by the SDK as it comes from the package index."""

from hyperliquid.utils.types import Cloid

from tests.acceptance.exchange.trader import ALO, GTC, IOC, Trader, stop
from tests.acceptance.exchange.world import World

CLOID = Cloid.from_int(0xC0FFEE)


def test_an_order_rests_is_seen_everywhere_and_is_cancelled(alice: Trader) -> None:
    oid = alice.rests("BTC", 0.01, 90_000)
    (listed,) = alice.info.open_orders(alice.address)
    assert listed["oid"] == oid
    assert (listed["coin"], listed["side"], listed["limitPx"], listed["sz"]) == (
        "BTC",
        "B",
        "90000.0",
        "0.01",
    )
    (detailed,) = alice.info.frontend_open_orders(alice.address)
    assert (detailed["orderType"], detailed["tif"], detailed["isTrigger"]) == ("Limit", "Gtc", False)
    assert alice.status(oid) == "open"
    assert alice.exchange.cancel("BTC", oid)["response"] == {
        "type": "cancel",
        "data": {"statuses": ["success"]},
    }
    assert alice.info.open_orders(alice.address) == []
    assert alice.status(oid) == "canceled"
    assert [order["status"] for order in alice.info.historical_orders(alice.address)] == ["canceled"]


def test_an_order_is_found_and_cancelled_by_its_cloid(alice: Trader) -> None:
    status = alice.order("BTC", -0.01, 110_000, cloid=CLOID)
    assert status["resting"]["cloid"] == CLOID.to_raw()
    found = alice.info.query_order_by_cloid(alice.address, CLOID)
    assert found["order"]["order"]["oid"] == status["resting"]["oid"]
    answer = alice.exchange.cancel_by_cloid("BTC", CLOID)
    assert answer["response"]["data"]["statuses"] == ["success"]
    again = alice.exchange.cancel_by_cloid("BTC", CLOID)
    assert "already canceled" in again["response"]["data"]["statuses"][0]["error"]


def test_a_market_order_opens_and_closes_a_position(alice: Trader) -> None:
    opened = alice.fills("BTC", 0.02)
    assert opened["totalSz"] == "0.02"
    position = alice.position("BTC")
    assert (position["szi"], position["entryPx"]) == ("0.02", opened["avgPx"])
    alice.exchange.market_close("BTC")
    assert alice.position("BTC") is None
    closing, opening = alice.info.user_fills(alice.address)
    assert (opening["dir"], opening["side"], opening["crossed"]) == ("Open Long", "B", True)
    assert (closing["dir"], closing["side"], closing["startPosition"]) == ("Close Long", "A", "0.02")
    assert (
        alice.exchange.market_close("BTC") is None
    )  # the SDK's way of saying that there is nothing to close


def test_the_money_of_a_round_trip_is_its_fills_and_nothing_else(alice: Trader) -> None:
    before = float(alice.state()["marginSummary"]["accountValue"])
    alice.fills("ETH", 1.5)
    alice.exchange.market_close("ETH")
    fills = alice.info.user_fills(alice.address)
    change = sum(float(fill["closedPnl"]) - float(fill["fee"]) for fill in fills)
    after = float(alice.state()["marginSummary"]["accountValue"])
    assert abs(after - before - change) < 1e-6
    assert after < before


def test_a_resting_order_is_filled_bit_by_bit_as_the_market_trades_through_it(
    world: World, alice: Trader
) -> None:
    oid = alice.rests("ETH", 3.0, 3_900)
    world.minute(volume=10.0, ETH=(4_000, 4_001, 3_890, 3_950))
    (listed,) = alice.info.open_orders(alice.address)
    assert (listed["origSz"], listed["sz"]) == ("3.0", "2.0")  # a tenth of the minute's volume
    world.minute(volume=1_000.0, ETH=(3_950, 3_951, 3_890, 3_950))
    assert alice.status(oid) == "filled"
    fills = alice.info.user_fills(alice.address)
    assert {fill["px"] for fill in fills} == {"3900.0"}
    assert [fill["crossed"] for fill in fills] == [False, False]


def test_an_order_beyond_the_book_takes_what_is_there_and_drops_the_rest(alice: Trader) -> None:
    answer = alice.order("SOL", 900.0, 200.05, IOC)
    assert 0 < float(answer["filled"]["totalSz"]) < 900
    assert alice.info.open_orders(alice.address) == []


def test_a_modified_order_has_a_new_oid_and_the_same_cloid(alice: Trader) -> None:
    oid = alice.rests("BTC", 0.01, 90_000, ALO, cloid=CLOID)
    answer = alice.exchange.modify_order(oid, "BTC", True, 0.02, 91_000, ALO, cloid=CLOID)
    replaced = answer["response"]["data"]["statuses"][0]["resting"]["oid"]
    assert replaced != oid
    assert alice.status(oid) == "canceled"
    found = alice.info.query_order_by_cloid(alice.address, CLOID)["order"]["order"]
    assert (found["oid"], found["limitPx"], found["sz"]) == (replaced, "91000.0", "0.02")


def test_the_sdk_turns_modified_orders_into_post_only_ones(alice: Trader) -> None:
    oid = alice.rests("BTC", 0.01, 90_000)
    alice.exchange.modify_order(oid, "BTC", True, 0.01, 91_000, GTC)
    (order,) = alice.info.frontend_open_orders(alice.address)
    assert order["tif"] == "Alo"


def test_a_stop_closes_the_position_when_the_mark_falls_to_it(world: World, alice: Trader) -> None:
    alice.fills("BTC", 0.01)
    oid = alice.rests("BTC", -0.01, 85_000, stop(95_000), reduce_only=True)
    (order,) = alice.info.frontend_open_orders(alice.address)
    assert (order["orderType"], order["triggerPx"], order["isTrigger"]) == ("Stop Market", "95000.0", True)
    assert order["triggerCondition"].startswith("Price below 95000")
    world.minute(BTC=(100_000, 100_010, 94_000, 94_500))
    assert alice.position("BTC") is None
    assert alice.status(oid) == "filled"


def test_a_bracket_waits_for_its_parent_and_one_leg_ends_the_other(world: World, alice: Trader) -> None:
    def leg(size: float, price: float, kind: object) -> dict[str, object]:
        return {
            "coin": "BTC",
            "is_buy": size > 0,
            "sz": abs(size),
            "limit_px": price,
            "order_type": kind,
            "reduce_only": size < 0,
        }

    answer = alice.exchange.bulk_orders(
        [
            leg(0.01, 99_000, GTC),
            leg(-0.01, 104_000, stop(105_000, tpsl="tp")),
            leg(-0.01, 94_000, stop(95_000)),
        ],
        grouping="normalTpsl",
    )
    parent, target, loss = answer["response"]["data"]["statuses"]
    assert "resting" in parent
    assert (target, loss) == ("waitingForFill", "waitingForFill")
    world.minute(BTC=(100_000, 100_010, 98_500, 99_500))
    assert alice.position("BTC")["szi"] == "0.01"
    world.minute(BTC=(99_500, 105_500, 99_400, 105_400))
    assert alice.position("BTC") is None
    assert alice.info.open_orders(alice.address) == []
    statuses = {order["status"] for order in alice.info.historical_orders(alice.address)}
    assert statuses == {"filled", "siblingFilledCanceled"}


def test_leverage_is_set_and_margin_moved(alice: Trader) -> None:
    assert alice.exchange.update_leverage(10, "BTC", is_cross=False)["status"] == "ok"
    alice.fills("BTC", 0.01)
    position = alice.position("BTC")
    assert (position["leverage"]["type"], position["leverage"]["value"]) == ("isolated", 10)
    margin = float(position["marginUsed"])
    assert alice.exchange.update_isolated_margin(50.0, "BTC")["status"] == "ok"
    assert float(alice.position("BTC")["marginUsed"]) - margin == 50.0


def test_a_reduce_only_order_shrinks_to_the_position(alice: Trader) -> None:
    alice.fills("BTC", 0.01)
    filled = alice.order("BTC", -5.0, 99_000, IOC, reduce_only=True)["filled"]
    assert filled["totalSz"] == "0.01"
    assert alice.position("BTC") is None


def test_two_traders_meet_in_the_book(world: World, alice: Trader) -> None:
    bob = Trader(world, 2)
    bid = alice.info.l2_snapshot("BTC")["levels"][0][0]
    inside = float(bid["px"]) + 1
    oid = alice.rests("BTC", 0.01, inside, ALO)
    filled = bob.order("BTC", -0.01, inside, IOC)["filled"]
    assert float(filled["avgPx"]) == inside
    assert alice.status(oid) == "filled"
    (sold,) = bob.info.user_fills(bob.address)
    (bought,) = alice.info.user_fills(alice.address)
    assert sold["tid"] == bought["tid"]
    assert (sold["crossed"], bought["crossed"]) == (True, False)
