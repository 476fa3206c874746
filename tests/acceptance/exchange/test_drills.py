"""The faults of the admin port, met by the SDK and by our own client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from random import Random
from typing import Any

import pytest
import requests
from hyperliquid.utils.error import ClientError, ServerError

from strandloom.basics.clock import SystemClock
from strandloom.hyperliquid import actions
from strandloom.hyperliquid.budget import WeightBudget
from strandloom.hyperliquid.errors import OutcomeUnknown, RateLimited, VenueDown
from strandloom.hyperliquid.nonce import NonceSource
from strandloom.hyperliquid.rest import Rest
from strandloom.hyperliquid.signing import Wallet, signed_l1
from strandloom.hyperliquid.socket import Event, Lost, Message, Opened, Socket
from strandloom.hyperliquid.urls import socket_url
from tests.acceptance.exchange.trader import GTC, Trader, stop
from tests.acceptance.exchange.world import World

CLOID = "0x0000000000000000000000000000beef"
NONCES = NonceSource(SystemClock())
MIDS = {"type": "allMids"}


def an_order(number: int = 1) -> dict[str, Any]:
    """A signed order that would rest, with a cloid to ask for it by."""
    order = actions.order(
        0,
        is_buy=True,
        price=Decimal(90_000),
        size=Decimal("0.01"),
        kind=actions.limit("Gtc"),
        cloid=CLOID,
    )
    return signed_l1(Wallet(f"{number:064x}"), actions.place([order]), NONCES.next(), mainnet=False)


@asynccontextmanager
async def a_rest(world: World, timeout_s: float = 10.0) -> AsyncIterator[Rest]:
    async with Rest(world.url, WeightBudget(SystemClock()), timeout_s=timeout_s) as rest:
        yield rest


async def what_became(rest: Rest, trader: Trader) -> str:
    found = await rest.info("orderStatus", user=trader.address, oid=CLOID)
    return str(found["order"]["status"] if found["status"] == "order" else found["status"])


def test_the_sdk_meets_a_dropped_reply_after_the_order_was_taken(world: World, alice: Trader) -> None:
    world.admin("fault", kind="drop_reply", where="/exchange")
    with pytest.raises(requests.exceptions.ConnectionError):
        alice.exchange.order("BTC", True, 0.01, 90_000, GTC)
    assert len(alice.info.open_orders(alice.address)) == 1


async def test_a_dropped_reply_is_an_unknown_outcome_that_the_cloid_resolves(
    world: World, alice: Trader
) -> None:
    world.admin("fault", kind="drop_reply", where="/exchange")
    async with a_rest(world) as rest:
        with pytest.raises(OutcomeUnknown):
            await rest.exchange(an_order())
        assert await what_became(rest, alice) == "open"


async def test_a_cut_request_is_the_same_unknown_although_nothing_happened(
    world: World, alice: Trader
) -> None:
    world.admin("fault", kind="refuse", where="/exchange")
    async with a_rest(world) as rest:
        with pytest.raises(OutcomeUnknown):
            await rest.exchange(an_order())
        assert await what_became(rest, alice) == "unknownOid"


async def test_a_reply_that_comes_too_late_is_unknown_and_the_order_is_there(
    world: World, alice: Trader
) -> None:
    world.admin("fault", kind="delay", where="/exchange", seconds=0.3)
    async with a_rest(world, timeout_s=0.1) as hasty, a_rest(world) as patient:
        with pytest.raises(OutcomeUnknown):
            await hasty.exchange(an_order())
        while await what_became(patient, alice) == "unknownOid":
            pass  # it is still on its way


async def test_statuses_reach_both_clients(world: World, alice: Trader) -> None:
    world.admin("fault", kind="status", where="/info", times=2)
    with pytest.raises(ClientError) as refusal:
        alice.info.all_mids()
    assert refusal.value.status_code == 429
    async with a_rest(world) as rest:
        with pytest.raises(RateLimited):
            await rest.info("allMids")
    world.admin("fault", kind="status", where="/info", status=502, times=2)
    with pytest.raises(ServerError):
        alice.info.all_mids()
    async with a_rest(world) as rest:
        with pytest.raises(VenueDown):
            await rest.info("allMids")


@asynccontextmanager
async def a_socket(world: World, **options: Any) -> AsyncIterator[Socket]:
    socket = Socket(socket_url(world.url), SystemClock(), Random(1), **options)
    async with socket.running():
        yield socket


async def heard(socket: Socket, count: int) -> list[Event]:
    events: list[Event] = []
    async for event in socket.events():
        events.append(event)
        if len(events) == count:
            break
    return events


async def test_a_cut_socket_comes_back_with_its_subscriptions(world: World) -> None:
    async with a_socket(world) as socket:
        await socket.subscribe(MIDS)
        assert [type(event) for event in await heard(socket, 2)] == [Opened, Message]
        await asyncio.to_thread(world.admin, "disconnect")
        lost, opened, mids = await heard(socket, 3)
    assert isinstance(lost, Lost)
    assert opened == Opened(again=True)
    assert isinstance(mids, Message)


async def test_a_half_open_socket_is_given_up_and_made_anew(world: World) -> None:
    async with a_socket(world, silence_s=0.2, ping_every_s=0.05) as socket:
        await socket.subscribe(MIDS)
        await heard(socket, 2)
        await asyncio.to_thread(world.admin, "half_open")
        lost, opened, _ = await heard(socket, 3)
    assert lost == Lost(reason="silent for 0.2 s")
    assert opened == Opened(again=True)


async def test_posts_over_the_socket_answer_like_http(world: World, alice: Trader) -> None:
    async with a_socket(world) as socket:
        await heard(socket, 1)
        mids = await socket.posts.info({"type": "allMids"})
        assert mids == alice.info.all_mids()
        answer = await socket.posts.action(an_order())
        oid = answer["response"]["data"]["statuses"][0]["resting"]["oid"]
        assert alice.status(oid) == "open"
        world.admin("fault", kind="drop_reply", where="/ws")
        with pytest.raises(OutcomeUnknown):
            await socket.posts.action(an_order())
    assert len(alice.info.open_orders(alice.address)) >= 1


def test_a_wrong_clock_refuses_honest_nonces(world: World, alice: Trader) -> None:
    world.admin("skew", seconds=-2 * 86_400)
    assert "nonce too high" in alice.exchange.order("BTC", True, 0.01, 90_000, GTC)["response"]
    world.admin("clear")
    alice.rests("BTC", 0.01, 90_000)


def test_a_gap_jumps_over_a_stop_and_stays(world: World, alice: Trader) -> None:
    alice.fills("BTC", 0.01)
    alice.rests("BTC", -0.01, 80_000, stop(95_000), reduce_only=True)
    world.admin("gap", coin="BTC", percent=-10)
    assert abs(float(alice.info.all_mids()["BTC"]) - 90_000) < 100
    assert alice.position("BTC") is None
    sold = alice.info.user_fills(alice.address)[0]
    assert float(sold["px"]) < 90_500
    world.minute()
    assert abs(float(alice.info.all_mids()["BTC"]) - 90_000) < 100


def test_a_liquidation_on_demand_ends_the_position_and_says_why(world: World, alice: Trader) -> None:
    alice.fills("BTC", 0.01)
    world.admin("liquidate", user=alice.address)
    assert alice.position("BTC") is None
    fill = alice.info.user_fills(alice.address)[0]
    assert fill["liquidation"]["liquidatedUser"] == alice.address.lower()


def test_orders_that_the_admin_port_does_not_know_are_explained(world: World) -> None:
    def status(**body: Any) -> tuple[int, Any]:
        answer = requests.post(world.admin_url, json=body, timeout=60)
        return answer.status_code, answer.json()["error"]

    assert status(do="explode")[0] == 400
    assert status(do="fault", kind="gremlins")[0] == 400
    assert status(do="gap", coin="NOPE", percent=5) == (409, "there is no coin called NOPE")
    state = requests.get(world.admin_url, timeout=60).json()
    assert (state["faults"], state["halted"], state["skew_seconds"]) == ([], False, 0)
