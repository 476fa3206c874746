"""The dead man's switch: entries do not outlive us for long, and what guards a position always does."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.exchange.engine import Engine
from strandloom.exchange.rules import Rules
from strandloom.exchange.server.limits import Limits
from strandloom.kinds.order import OrderIntent
from strandloom.venues.dead_man import ASK_AGAIN, DeadMan
from strandloom.venues.hyperliquid.venue import HyperliquidVenue
from tests.acceptance.exchange.world import START, World, a_world
from tests.contract.venue_stages import a_wire_venue
from tests.unit.venues.orders import an_intent

D = Decimal


@pytest.fixture
def world() -> Iterator[World]:
    with a_world(Engine(Rules(schedule_volume_usd=0)), limits=Limits.none(), faucet=None) as made:
        yield made


@pytest.fixture
async def venue(world: World) -> AsyncIterator[HyperliquidVenue]:
    async with a_wire_venue(world) as made:
        yield made


def asked(**changed: Any) -> OrderIntent:
    return an_intent(**{"quantity": D("0.01"), "price": D(101_000), **changed})


def resting(price: int = 90_000) -> OrderIntent:
    return asked(price=D(price), time_in_force="gtc")


def a_stop() -> OrderIntent:
    stop = {"side": "sell", "leg": "stop", "trigger": D(99_000), "price": D(90_000), "reduce_only": True}
    return asked(time_in_force="gtc", **stop)


async def shown(venue: HyperliquidVenue) -> list[str | None]:
    return [order.cloid for order in await venue.open_orders()]


async def test_entries_that_nobody_looks_after_any_more_are_cancelled(
    world: World, venue: HyperliquidVenue
) -> None:
    entry = resting()
    await venue.place(entry, START)
    await DeadMan(venue, SystemClock()).beat()
    world.minutes(1)
    assert await shown(venue) == [entry.cloid]
    world.minutes(2)  # nobody renewed it
    assert await shown(venue) == []


async def test_renewing_keeps_them(world: World, venue: HyperliquidVenue) -> None:
    entry, man = resting(), DeadMan(venue, SystemClock())
    await venue.place(entry, START)
    for _ in range(5):
        await man.beat()
        world.minutes(1)
    assert await shown(venue) == [entry.cloid]


async def test_a_stop_takes_the_switch_back_before_it_is_placed(
    world: World, venue: HyperliquidVenue
) -> None:
    await venue.place(resting(), START)
    await DeadMan(venue, SystemClock()).beat()
    await venue.place(asked(), START)
    stop = a_stop()
    await venue.place(stop, START)
    world.minutes(5)  # the process is dead; its stop is not
    assert stop.cloid in await shown(venue)


async def test_it_is_not_armed_while_a_stop_rests(world: World, venue: HyperliquidVenue) -> None:
    await venue.place(asked(), START)
    stop, man = a_stop(), DeadMan(venue, SystemClock())
    await venue.place(stop, START)
    await venue.place(resting(), START)
    await man.beat()
    world.minutes(5)
    assert stop.cloid in await shown(venue)


async def test_a_clean_stop_disarms_it(world: World, venue: HyperliquidVenue) -> None:
    entry = resting()
    await venue.place(entry, START)
    man = DeadMan(venue, SystemClock(), renew_s=0.01)
    running = asyncio.create_task(man.run())
    while not venue.armed:  # noqa: ASYNC110 - nobody says when
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    world.minutes(5)
    assert await shown(venue) == [entry.cloid]


async def test_an_account_that_trades_too_little_is_told_so_once_and_asks_rarely() -> None:
    with a_world(Engine(), limits=Limits.none(), faucet=None) as world:
        async with a_wire_venue(world) as venue:
            await venue.place(resting(), START)
            man = DeadMan(venue, SystemClock())
            await man.beat()
            world.admin("fault", kind="refuse", where="/info", times=None)
            for _ in range(ASK_AGAIN):
                await man.beat()  # asks nothing
