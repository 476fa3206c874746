"""The account's channels over a WebSocket that is cut, falls silent, repeats, reorders and loses messages."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.exchange.engine import Engine
from strandloom.exchange.server.limits import Limits
from strandloom.kinds.fill import FundingPaid
from strandloom.kinds.order import OrderIntent
from strandloom.venues.account_feed import (
    AccountSnapshot,
    Away,
    Liquidated,
    OrderUpdate,
    VenueCancelled,
)
from strandloom.venues.hyperliquid.feed import USUAL, HyperliquidFeed, Pace
from strandloom.venues.hyperliquid.venue import HyperliquidVenue
from tests.acceptance.exchange.world import START, World, a_world
from tests.contract.venue_stages import a_wire_venue
from tests.servers.listener import Listener, listening
from tests.unit.venues.orders import an_intent

D = Decimal
LOT = D("0.01")
LONG_AGO = START - timedelta(hours=1)


@pytest.fixture
def world() -> Iterator[World]:
    with a_world(Engine(), limits=Limits.none(), faucet=None) as made:
        yield made


@pytest.fixture
async def venue(world: World) -> AsyncIterator[HyperliquidVenue]:
    async with a_wire_venue(world) as made:
        yield made


@asynccontextmanager
async def followed(world: World, venue: HyperliquidVenue, pace: Pace = USUAL) -> AsyncIterator[Listener]:
    """A listener who has had its first snapshot."""
    feed = HyperliquidFeed(venue, world.url, SystemClock(), Random(1), pace=pace)
    async with listening(feed, LONG_AGO) as listener:
        await listener.until(lambda heard: heard.of(AccountSnapshot))
        yield listener


def asked(**changed: Any) -> OrderIntent:
    return an_intent(**{"quantity": LOT, "price": D(101_000), **changed})


def names(listener: Listener) -> list[str | None]:
    return [fill.cloid for fill in listener.fills]


async def test_a_fill_and_the_states_of_its_order_are_told_as_they_happen(
    world: World, venue: HyperliquidVenue
) -> None:
    async with followed(world, venue) as listener:
        intent = asked()
        await venue.place(intent, START)
        await listener.until(lambda heard: heard.fills and heard.of(OrderUpdate))
    (fill,) = listener.fills
    assert (fill.cloid, fill.quantity, fill.venue) == (intent.cloid, LOT, venue.name)
    assert [u.state for u in listener.of(OrderUpdate) if u.cloid == intent.cloid][-1] == "filled"


async def test_the_first_snapshot_comes_after_all_fills_before_it(
    world: World, venue: HyperliquidVenue
) -> None:
    before, rests = asked(), asked(price=D(90_000), time_in_force="gtc")
    await venue.place(before, START)
    await venue.place(rests, START)
    async with followed(world, venue) as listener:
        pass
    assert [type(event).__name__ for event in listener.heard] == ["Fill", "AccountSnapshot"]
    (snapshot,) = listener.of(AccountSnapshot)
    assert [order.cloid for order in snapshot.orders] == [rests.cloid]
    assert [position.quantity for position in snapshot.balance.positions] == [LOT]
    assert not snapshot.again


async def test_fills_inside_a_gap_are_told_once_after_it(world: World, venue: HyperliquidVenue) -> None:
    async with followed(world, venue) as listener:
        first, inside, after = asked(), asked(), asked()
        await venue.place(first, START)
        await listener.until(lambda heard: heard.fills)
        world.admin("disconnect")
        await venue.place(inside, START)
        await listener.until(lambda heard: len(heard.of(AccountSnapshot)) == 2)
        await venue.place(after, START)
        await listener.until(lambda heard: len(heard.fills) >= 3)
    assert names(listener) == [first.cloid, inside.cloid, after.cloid]
    assert listener.of(Away)
    assert [snapshot.again for snapshot in listener.of(AccountSnapshot)] == [False, True]


async def test_a_socket_that_is_open_and_dead_is_left(world: World, venue: HyperliquidVenue) -> None:
    async with followed(world, venue, Pace(silence=0.6)) as listener:
        world.admin("half_open")
        intent = asked()
        await venue.place(intent, START)
        await listener.until(lambda heard: len(heard.of(AccountSnapshot)) == 2)
    assert names(listener) == [intent.cloid]
    assert "silent" in listener.of(Away)[0].reason


@pytest.mark.parametrize("kind", ["duplicate", "reorder"])
async def test_repeated_and_reordered_messages_tell_each_fill_once(
    world: World, venue: HyperliquidVenue, kind: str
) -> None:
    async with followed(world, venue) as listener:
        world.admin("fault", kind=kind, where="/ws", times=8)
        intents = [asked() for _ in range(4)]
        for intent in intents:
            await venue.place(intent, START)
        await listener.until(lambda heard: len(heard.fills) >= 4)
        world.admin("clear")
        rests = asked(price=D(90_000), time_in_force="gtc")
        await venue.place(rests, START)
        await listener.until(lambda heard: heard.of(OrderUpdate)[-1].cloid == rests.cloid)
    assert sorted(names(listener), key=str) == sorted((i.cloid for i in intents), key=str)
    for intent in intents:
        states = [u.state for u in listener.of(OrderUpdate) if u.cloid == intent.cloid]
        assert states[-1] == "filled" and states.count("filled") == 1


async def test_what_a_lost_message_would_have_told_is_found_when_it_is_looked_for(
    world: World, venue: HyperliquidVenue
) -> None:
    async with followed(world, venue, Pace(look=0.1, again=0.2)) as listener:
        world.admin("fault", kind="drop_message", where="/ws", times=None)
        intent = asked()
        await venue.place(intent, START)
        await listener.until(lambda heard: heard.fills)
    assert names(listener) == [intent.cloid]


async def test_without_any_socket_http_tells_what_happened(world: World, venue: HyperliquidVenue) -> None:
    pace = Pace(look=0.1, away_again=0.2)
    dead = HyperliquidFeed(venue, "http://127.0.0.1:9", SystemClock(), Random(1), pace=pace)
    intent = asked()
    async with listening(dead, LONG_AGO) as listener:
        await listener.until(lambda heard: heard.of(AccountSnapshot))
        await venue.place(intent, START)
        await listener.until(lambda heard: heard.fills)
    assert names(listener) == [intent.cloid]


async def test_funding_is_told_once_although_two_channels_tell_it(
    world: World, venue: HyperliquidVenue
) -> None:
    await venue.place(asked(), START)
    async with followed(world, venue) as listener:
        world.minutes(65)
        await listener.until(lambda heard: heard.of(FundingPaid))
        last = asked()
        await venue.place(last, START)
        await listener.until(lambda heard: last.cloid in names(heard))
    assert len(listener.of(FundingPaid)) == 1


async def test_what_the_venue_does_by_itself_is_told(world: World, venue: HyperliquidVenue) -> None:
    async with followed(world, venue) as listener:
        rests = asked(price=D(90_000), time_in_force="gtc")
        report = await venue.place(rests, START)
        await venue.place(asked(), START)
        world.admin("cancel_all", user=venue.account)
        await listener.until(lambda heard: heard.of(VenueCancelled))
        world.admin("liquidate", user=venue.account)
        await listener.until(lambda heard: any(fill.liquidation for fill in heard.fills))
        await listener.until(lambda heard: heard.of(Liquidated))
    assert [cancelled.oid for cancelled in listener.of(VenueCancelled)] == [report.oid]
    assert len(listener.of(Liquidated)) == 1
