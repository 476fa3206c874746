"""Every channel that the SDK knows, through the SDK's own WebSocket."""

from collections.abc import Iterator

import pytest

from tests.acceptance.exchange.listening import Listener, listening
from tests.acceptance.exchange.trader import ALO, IOC, Trader
from tests.acceptance.exchange.world import World


@pytest.fixture
def heard(world: World) -> Iterator[Listener]:
    with listening(world) as listener:
        yield listener


def test_mids_are_told_at_once_and_when_they_move(world: World, heard: Listener) -> None:
    heard.to("allMids")
    assert heard.next("allMids")["mids"] == world.do(world.exchange.mids)
    world.minute(BTC=(100_000, 101_000, 99_900, 100_900))
    moved = heard.until("allMids", lambda message: float(message["mids"]["BTC"]) > 100_500)
    assert moved["mids"] == world.do(world.exchange.mids)


def test_the_best_bid_and_ask_follow_an_order_inside_the_spread(heard: Listener, alice: Trader) -> None:
    heard.to("bbo", coin="BTC")
    bid, ask = heard.next("bbo")["bbo"]
    inside = float(bid["px"]) + 1
    assert inside < float(ask["px"])
    alice.rests("BTC", 0.01, inside, ALO)
    better = heard.until("bbo", lambda message: float(message["bbo"][0]["px"]) == inside)
    assert better["bbo"][0] == {"px": f"{inside:.1f}", "sz": "0.01", "n": 1}


def test_the_book_is_the_one_that_info_shows(heard: Listener, alice: Trader) -> None:
    heard.to("l2Book", coin="ETH")
    book = heard.next("l2Book")
    shown = alice.info.l2_snapshot("ETH")
    assert book["levels"] == shown["levels"]
    assert [len(side) for side in book["levels"]] == [20, 20]
    alice.fills("ETH", 5.0)
    after = heard.until("l2Book", lambda message: message["levels"] != book["levels"])
    assert float(after["levels"][1][0]["sz"]) < float(book["levels"][1][0]["sz"])


def test_a_candle_is_one_object_per_closed_minute(world: World, heard: Listener) -> None:
    heard.to("candle", coin="BTC", interval="1m")
    world.minute(BTC=(100_000, 100_300, 99_700, 100_200))
    candle = heard.until("candle", lambda message: message["c"] == "100200.0")
    assert (candle["o"], candle["h"], candle["l"]) == ("100000.0", "100300.0", "99700.0")
    assert candle["T"] - candle["t"] == 59_999


def test_trades_are_told_to_everyone(world: World, heard: Listener, alice: Trader) -> None:
    heard.to("trades", coin="BTC")
    alice.fills("BTC", 0.01)
    (trade,) = heard.until("trades", lambda message: message[0]["sz"] == "0.01")
    assert trade["side"] == "B"
    assert alice.address.lower() in trade["users"]


def test_the_context_carries_funding_oracle_and_interest(world: World, heard: Listener) -> None:
    heard.to("activeAssetCtx", coin="BTC")
    told = heard.next("activeAssetCtx")
    assert {"funding", "openInterest", "oraclePx", "markPx", "midPx", "impactPxs"} <= set(told["ctx"])


def test_an_order_is_followed_from_open_to_filled(world: World, heard: Listener, alice: Trader) -> None:
    heard.to("orderUpdates", user=alice.address)
    oid = alice.rests("BTC", 0.01, 99_000)
    (update,) = heard.next("orderUpdates")
    assert (update["order"]["oid"], update["status"], update["order"]["sz"]) == (oid, "open", "0.01")
    world.minute(BTC=(100_000, 100_010, 98_000, 99_500))
    (update,) = heard.until("orderUpdates", lambda message: message[0]["status"] == "filled")
    assert (update["order"]["oid"], update["order"]["sz"]) == (oid, "0.0")


def test_fills_come_as_a_snapshot_then_one_by_one(heard: Listener, alice: Trader) -> None:
    alice.fills("BTC", 0.01)
    heard.to("userFills", user=alice.address)
    snapshot = heard.next("userFills")
    assert snapshot["isSnapshot"] is True
    assert snapshot["fills"] == alice.info.user_fills(alice.address)
    alice.fills("BTC", 0.02)
    later = heard.next("userFills")
    assert "isSnapshot" not in later
    assert [fill["sz"] for fill in later["fills"]] == ["0.02"]


def test_user_events_tell_fills_and_what_the_venue_cancelled(
    world: World, heard: Listener, alice: Trader
) -> None:
    heard.to("userEvents", user=alice.address)
    alice.order("BTC", 0.01, 101_000, IOC)
    assert [fill["dir"] for fill in heard.next("user")["fills"]] == ["Open Long"]
    oid = alice.rests("BTC", 0.01, 90_000)
    world.admin("cancel_all")
    assert heard.next("user")["nonUserCancel"] == [{"coin": "BTC", "oid": oid}]


def test_funding_is_told_when_it_is_paid(world: World, heard: Listener, alice: Trader) -> None:
    heard.to("userFundings", user=alice.address)
    assert heard.next("userFundings") == {"isSnapshot": True, "user": alice.address.lower(), "fundings": []}
    alice.fills("BTC", 0.01)
    world.minutes(31)  # past the full hour
    (paid,) = heard.next("userFundings")["fundings"]
    (answered,) = alice.info.user_funding_history(alice.address, 0)
    assert paid["coin"] == answered["delta"]["coin"] == "BTC"
    assert paid["usdc"] == answered["delta"]["usdc"]
    assert float(paid["usdc"]) < 0


def test_a_second_subscription_is_told_off_but_changes_nothing(world: World, heard: Listener) -> None:
    heard.to("allMids")
    heard.to("allMids")
    world.minute(BTC=(100_000, 101_000, 99_900, 100_900))
    heard.until("allMids", lambda message: float(message["mids"]["BTC"]) > 100_500)
