"""Lost replies, lost and late requests over HTTP: an order acts once or never, and we come to know which."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from strandloom.exchange.engine import Engine
from strandloom.exchange.server.limits import Limits
from strandloom.kinds.order import OrderIntent
from strandloom.venues.hyperliquid.venue import HyperliquidVenue
from strandloom.venues.port import VenueSilent
from tests.acceptance.exchange.world import START, World, a_world
from tests.contract.venue_stages import a_wire_venue
from tests.unit.venues.orders import an_intent

D = Decimal
LOT = D("0.01")
NEVER_CAME = ({"kind": "refuse"}, {"kind": "status", "status": 429})
NEVER_HEARD = ({"kind": "drop_reply"}, {"kind": "refuse"}, {"kind": "status", "status": 502})


class SlowRoad(httpx.AsyncHTTPTransport):
    """Keeps one request to /exchange while its sender gives up waiting, and lets it go on later."""

    def __init__(self) -> None:
        super().__init__()
        self.holds = False
        self._held: httpx.Request | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.holds and request.url.path == "/exchange":
            self.holds, self._held = False, request
            raise httpx.ReadTimeout("nothing came back", request=request)
        return await super().handle_async_request(request)

    async def arrives(self) -> str:
        """It comes to the venue after all; what the venue says to it."""
        assert self._held is not None
        response = await super().handle_async_request(self._held)
        return (await response.aread()).decode()


@pytest.fixture
def world() -> Iterator[World]:
    with a_world(Engine(), limits=Limits.none(), faucet=None) as made:
        yield made


@pytest.fixture
def shared() -> dict[str, Any]:
    return {}


@pytest.fixture
async def venue(world: World, shared: dict[str, Any]) -> AsyncIterator[HyperliquidVenue]:
    async with a_wire_venue(world, shared=shared) as made:
        yield made


def asked(**changed: Any) -> OrderIntent:
    return an_intent(**{"quantity": LOT, "price": D(101_000), **changed})


async def fills(venue: HyperliquidVenue) -> int:
    return len(await venue.fills(START - timedelta(hours=1)))


@pytest.mark.parametrize("fault", NEVER_HEARD, ids=str)
async def test_an_order_whose_reply_is_lost_is_filled_once_in_the_end(
    world: World, venue: HyperliquidVenue, fault: dict[str, Any]
) -> None:
    intent = asked()
    world.admin("fault", where="/exchange", **fault)
    report = await venue.place(intent, START)
    assert (report.state, report.filled) == ("filled", LOT)
    assert await fills(venue) == 1


async def test_an_order_is_unknown_while_the_venue_is_silent_and_is_not_sent_again(
    world: World, venue: HyperliquidVenue
) -> None:
    intent = asked()
    world.admin("fault", kind="drop_reply", where="/exchange", times=3)
    assert (await venue.place(intent, START)).state == "filled"  # the books of the venue show it
    world.admin("clear")
    lost = asked()
    world.admin("fault", kind="refuse", where="/exchange", times=None)
    for _ in range(3):
        assert (await venue.place(lost, START)).state == "unknown"
    world.admin("clear")
    assert await venue.order(lost.cloid) is None  # its nonce is used up now: it can never come
    assert (await venue.place(lost, START)).state == "filled"
    assert await fills(venue) == 2


async def test_silence_about_everything_leaves_the_order_in_doubt_and_says_so(
    world: World, venue: HyperliquidVenue
) -> None:
    intent = asked()
    world.admin("fault", kind="drop_reply", where="/exchange")
    world.admin("fault", kind="refuse", where="/info", times=None)
    with pytest.raises(VenueSilent):
        await venue.place(intent, START)
    world.admin("clear")
    report = await venue.place(intent, START)
    assert (report.state, report.filled) == ("filled", LOT)
    assert await fills(venue) == 1


async def test_a_request_that_is_still_under_way_is_made_harmless_by_its_own_nonce(
    world: World,
) -> None:
    """It is held up; meanwhile its fate is settled and it is sent anew; then it comes after all."""
    intent, road = asked(), SlowRoad()
    async with a_wire_venue(world, 2, transport=road) as slow:
        road.holds = True
        report = await slow.place(intent, START)
        assert (report.state, report.filled) == ("filled", LOT)
        assert "duplicate nonce" in await road.arrives()
        assert await fills(slow) == 1


async def test_another_process_waits_for_the_first_ones_answer_before_it_settles_anything(
    world: World, venue: HyperliquidVenue, shared: dict[str, Any]
) -> None:
    intent = asked()
    async with a_wire_venue(world, shared=shared) as second:
        world.admin("fault", kind="delay", where="/exchange", seconds=0.3)
        first = asyncio.create_task(venue.place(intent, START))
        while not shared["sends"].get(intent.cloid):  # noqa: ASYNC110 - nobody says when it is claimed
            await asyncio.sleep(0)
        assert (await second.place(intent, START)).state == "unknown"
        assert (await first).state == "filled"
        assert (await second.place(intent, START)).state == "filled"
    assert await fills(venue) == 1


async def test_two_processes_with_one_key_and_one_order_fill_it_once(
    world: World, venue: HyperliquidVenue, shared: dict[str, Any]
) -> None:
    intents = [asked() for _ in range(10)]
    async with a_wire_venue(world, shared=shared) as second:
        both = [one.place(intent, START) for intent in intents for one in (venue, second)]
        await asyncio.gather(*both)
        for intent in intents:
            for one in (venue, second):
                report = await one.order(intent.cloid)
                assert report is not None and (report.state, report.filled) == ("filled", LOT)
    assert await fills(venue) == 10


async def test_a_refusal_is_a_refusal_also_when_its_reply_was_lost(
    world: World, venue: HyperliquidVenue
) -> None:
    intent = asked(quantity=D(5))  # more than its margin allows
    world.admin("fault", kind="drop_reply", where="/exchange")
    report = await venue.place(intent, START)
    assert report.state in ("rejected", "unknown")
    assert await fills(venue) == 0


def a_stop(trigger: int = 98_000) -> OrderIntent:
    way = {"leg": "stop", "side": "sell", "trigger": D(trigger), "price": D(80_000), "reduce_only": True}
    return asked(time_in_force="gtc", **way)


@pytest.mark.parametrize("fault", NEVER_HEARD, ids=str)
async def test_an_entry_and_its_stop_have_one_fate_whatever_is_lost(
    world: World, venue: HyperliquidVenue, fault: dict[str, Any]
) -> None:
    entry, stop = asked(), a_stop()
    world.admin("fault", where="/exchange", **fault)
    assert (await venue.place(entry, START, stop)).state == "filled"
    told = await venue.order(stop.cloid)
    assert told is not None and told.state == "acknowledged"
    assert [order.cloid for order in await venue.open_orders()] == [stop.cloid]
    assert await fills(venue) == 1


async def test_the_stop_of_an_entry_in_doubt_is_in_doubt_and_never_came_if_that_did_not(
    world: World, venue: HyperliquidVenue, shared: dict[str, Any]
) -> None:
    entry, stop = asked(), a_stop()
    world.admin("fault", kind="refuse", where="/exchange", times=None)
    assert (await venue.place(entry, START, stop)).state == "unknown"
    async with a_wire_venue(world, shared=shared) as heir:
        for one in (venue, heir):
            told = await one.order(stop.cloid)
            assert told is not None and told.state == "unknown"
        world.admin("clear")
        assert await venue.order(stop.cloid) is None  # their nonce is used up: neither can come
        assert await venue.order(entry.cloid) is None
        assert await heir.order(stop.cloid) is None
    assert (await venue.place(entry, START, stop)).state == "filled"
    told = await venue.order(stop.cloid)
    assert told is not None and told.state == "acknowledged"


async def test_a_child_that_arrived_with_a_lost_reply_is_known_to_the_next_process(
    world: World, shared: dict[str, Any]
) -> None:
    entry, stop = asked(price=D(90_000), time_in_force="gtc"), a_stop(88_000)
    async with a_wire_venue(world, shared=shared) as dies:
        world.admin("fault", kind="drop_reply", where="/exchange")
        world.admin("fault", kind="refuse", where="/info", times=None)
        with pytest.raises(VenueSilent):
            await dies.place(entry, START, stop)
    world.admin("clear")
    async with a_wire_venue(world, shared=shared) as heir:
        for cloid in (stop.cloid, entry.cloid):
            told = await heir.order(cloid)
            assert told is not None and told.state == "acknowledged"


async def test_a_change_whose_reply_is_lost_is_shown_as_it_is(world: World, venue: HyperliquidVenue) -> None:
    intent = asked(price=D(90_000), time_in_force="gtc")
    await venue.place(intent, START)
    world.admin("fault", kind="drop_reply", where="/exchange")
    moved = await venue.modify(asked(price=D(91_000), time_in_force="gtc", cloid=intent.cloid), START)
    assert moved is not None and moved.state == "acknowledged"
    (shown,) = await venue.open_orders()
    assert shown.price == D(91_000)


async def test_a_cancel_that_nobody_answered_may_be_repeated(world: World, venue: HyperliquidVenue) -> None:
    intent = asked(price=D(90_000), time_in_force="gtc")
    await venue.place(intent, START)
    world.admin("fault", kind="drop_reply", where="/exchange")
    with pytest.raises(VenueSilent):
        await venue.cancel("BTC", intent.cloid, START)
    report = await venue.cancel("BTC", intent.cloid, START)
    assert report is not None and report.state == "cancelled"


async def test_a_venue_whose_clock_runs_ahead_gets_requests_that_live_longer(
    world: World, venue: HyperliquidVenue
) -> None:
    world.admin("skew", seconds=50)
    report = await venue.place(asked(), START)
    assert (report.state, report.filled) == ("filled", LOT)
    assert await fills(venue) == 1


@pytest.mark.parametrize("seconds", [-3_600, 3_600 * 30])
async def test_a_clock_that_is_wrong_by_hours_is_told_and_nothing_is_sent_twice(
    world: World, venue: HyperliquidVenue, seconds: int
) -> None:
    intent = asked()
    world.admin("skew", seconds=seconds)
    try:
        report = await venue.place(intent, START)
        assert report.state == "filled"
    except VenueSilent as silent:
        assert "never will" in str(silent)
    world.admin("clear")
    assert (await venue.place(intent, START)).state == "filled"
    assert await fills(venue) == 1
