"""Every refusal that the venue is known to give, in its words, got through the SDK."""

from typing import Any

import pytest
from hyperliquid.utils.types import Cloid

from tests.acceptance.exchange.trader import ALO, GTC, IOC, Trader, stop
from tests.acceptance.exchange.world import World

BUY = 0.01
ORDERS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Price must be divisible by tick size. asset=0", ("BTC", BUY, 90_000.5), {}),
    ("Order must have minimum value of $10. asset=0", ("BTC", 0.0001, 90_000.0), {}),
    ("Insufficient margin to place order. asset=0", ("BTC", 50.0, 90_000.0), {}),
    (
        "Reduce only order would increase position. asset=0",
        ("BTC", BUY, 90_000.0),
        {"reduce_only": True},
    ),
    (
        "Post only order would have immediately matched, bbo was ",
        ("BTC", BUY, 101_000.0, ALO),
        {},
    ),
    (
        "Order could not immediately match against any resting orders. asset=0",
        ("BTC", BUY, 90_000.0, IOC),
        {},
    ),
    ("Invalid TP/SL price. asset=0", ("BTC", -BUY, 100_000.0, stop(101_000)), {"reduce_only": False}),
    ("Order has invalid size.", ("BTC", 0.000001, 90_000.0), {}),
    ("Order has zero size.", ("BTC", 0.0, 90_000.0), {}),
    (
        "Order price cannot be more than 80% away from the reference price",
        ("BTC", BUY, 10_000.0),
        {},
    ),
]


@pytest.mark.parametrize(("words", "order", "more"), ORDERS, ids=lambda part: str(part)[:40])
def test_an_order_is_refused_in_the_venues_words(
    alice: Trader, words: str, order: tuple[Any, ...], more: dict[str, Any]
) -> None:
    assert alice.refused(*order, **more).startswith(words)
    assert alice.info.open_orders(alice.address) == []


def whole(answer: Any) -> str:
    """The words of an action that was refused as a whole."""
    assert answer["status"] == "err", answer
    return str(answer["response"])


def error(answer: Any) -> str:
    """The words for the only order of an action."""
    return str(answer["response"]["data"]["statuses"][0]["error"])


def test_cancelling_what_is_not_there(alice: Trader) -> None:
    words = "Order was never placed, already canceled, or filled."
    assert error(alice.exchange.cancel("BTC", 123)).startswith(words)
    assert error(alice.exchange.cancel_by_cloid("BTC", Cloid.from_int(1))).startswith(words)


def test_modifying_what_is_over(alice: Trader) -> None:
    answer = alice.exchange.modify_order(123, "BTC", True, BUY, 90_000.0, ALO)
    assert error(answer).startswith("Cannot modify canceled or filled order")


def test_an_empty_batch(alice: Trader) -> None:
    answer = alice.exchange.bulk_orders([])
    words = whole(answer) if answer["status"] == "err" else error(answer)
    assert words.startswith("Orders are empty.")


def test_a_main_order_that_is_a_trigger(alice: Trader) -> None:
    legs = [
        {"coin": "BTC", "is_buy": False, "sz": BUY, "limit_px": 94_000.0, "order_type": stop(95_000),
         "reduce_only": True}
    ] * 2  # fmt: skip
    answer = alice.exchange.bulk_orders(legs, grouping="normalTpsl")
    words = whole(answer) if answer["status"] == "err" else error(answer)
    assert words.startswith("Main order cannot be trigger order.")


def test_201_cancels_are_over_the_weight_limit(alice: Trader) -> None:
    answer = alice.exchange.bulk_cancel([{"coin": "BTC", "oid": n} for n in range(201)])
    assert whole(answer) == "Signed action over weight limit of 200."


def test_a_builder_that_was_never_approved(alice: Trader) -> None:
    builder: Any = {"b": "0x" + "1" * 40, "f": 10}
    answer = alice.exchange.order("BTC", True, BUY, 90_000.0, GTC, builder=builder)
    assert whole(answer) == "Builder fee has not been approved."


def test_a_scheduled_cancel_needs_a_million_dollars_of_volume(world: World, alice: Trader) -> None:
    answer = alice.exchange.schedule_cancel(world.do(world.venue.wall_ms) + 60_000)
    assert whole(answer).startswith(
        "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $0"
    )


def test_leverage_cannot_switch_its_mode_with_an_open_position(alice: Trader) -> None:
    alice.fills("BTC", BUY)
    answer = alice.exchange.update_leverage(5, "BTC", is_cross=False)
    assert whole(answer) == "Cannot switch leverage type with open position."


def test_margin_of_a_cross_position_cannot_be_moved(alice: Trader) -> None:
    alice.fills("BTC", BUY)
    answer = alice.exchange.update_isolated_margin(10.0, "BTC")
    assert whole(answer) == "Position does not use isolated margin."


def test_a_halted_exchange_takes_cancels_and_nothing_else(world: World, alice: Trader) -> None:
    oid = alice.rests("BTC", BUY, 90_000.0)
    world.admin("halt")
    answer = alice.exchange.order("BTC", True, BUY, 90_000.0, GTC)
    words = whole(answer) if answer["status"] == "err" else error(answer)
    assert words.startswith("Trading is halted.")
    assert alice.exchange.cancel("BTC", oid)["response"]["data"]["statuses"] == ["success"]
    world.admin("halt", on=False)
    alice.rests("BTC", BUY, 90_000.0)


def test_an_asset_that_is_not_listed(alice: Trader) -> None:
    alice.exchange.info.coin_to_asset["NOPE"] = 99
    alice.exchange.info.name_to_coin["NOPE"] = "NOPE"
    assert "not listed" in alice.refused("NOPE", BUY, 100.0)


def test_an_allowance_that_is_used_up(world: World, alice: Trader) -> None:
    oid = alice.rests("BTC", BUY, 90_000.0)
    world.do(lambda: world.venue.allowances.spend(alice.address.lower(), 10_000, world.venue.at_s()))
    limit = alice.info.user_rate_limit(alice.address)
    assert (limit["nRequestsUsed"], limit["nRequestsCap"]) == (10_001, 10_000)
    answer = alice.exchange.order("BTC", True, BUY, 90_000.0, GTC)
    assert whole(answer).startswith(
        "Too many cumulative requests sent (10002 > 10000) for cumulative volume traded $0."
    )
    assert alice.exchange.cancel("BTC", oid)["status"] == "ok"
