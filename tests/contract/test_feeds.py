"""What every feed promises: symbols listed first, minutes in order, quotes that flow, a past to be had."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from random import Random

import pytest

from strandloom.basics.clock import DrivenClock
from strandloom.kinds.market import Quote
from strandloom.market import minute as minutes
from strandloom.market import sample
from strandloom.market.feeds.hyperliquid import HyperliquidFeed
from strandloom.market.feeds.port import Closed, Feed, FeedEvent, Listed
from strandloom.market.feeds.replay import ReplayFeed
from strandloom.market.feeds.session import Pace
from strandloom.market.feeds.simulated import SimulatedFeed
from strandloom.market.feeds.world import World
from strandloom.market.panel import panel
from tests.servers.venue import a_venue
from tests.venue_clock import VenueClock

FIRST = minutes.parse("2025-05-06T12:00")
SYMBOLS = ("ETH", "BTC")
Opened = Callable[[], AbstractAsyncContextManager[Feed]]


@asynccontextmanager
async def replay() -> AsyncIterator[Feed]:
    yield ReplayFeed(
        panel(sample.load(), FIRST - 60, FIRST + 60), DrivenClock(datetime(2025, 1, 1, tzinfo=UTC))
    )


@asynccontextmanager
async def simulated() -> AsyncIterator[Feed]:
    clock = DrivenClock(datetime(2025, 1, 1, tzinfo=UTC))
    yield SimulatedFeed(World(sample.SYMBOLS, FIRST), clock, minutes_per_s=None)


@asynccontextmanager
async def hyperliquid() -> AsyncIterator[Feed]:
    """A venue that trades by itself, a minute whenever its client has seen the last one."""
    clock = VenueClock(minutes.opens(FIRST))
    async with a_venue(clock, *SYMBOLS) as venue, asyncio.TaskGroup() as group:
        for symbol in SYMBOLS:
            for minute in range(FIRST - 60, FIRST):
                await venue.trade(symbol, minute, 100)

        async def trading() -> None:
            minute = FIRST
            while True:
                if venue.peers:
                    for symbol in SYMBOLS:
                        await venue.quote(symbol)
                    await venue.minute(minute)
                    minute += 1
                await asyncio.sleep(0.02)

        task = group.create_task(trading())
        feed = HyperliquidFeed(venue.url, clock, Random(1), pace=Pace(tick_s=0.01))
        yield feed
        task.cancel()
        await feed.close()


feeds = pytest.mark.parametrize("opened", [replay, simulated, hyperliquid])


async def told(feed: Feed, bars: int) -> list[FeedEvent]:
    """What it tells until so many bars have come."""
    events: list[FeedEvent] = []
    async for event in feed.closed(SYMBOLS, FIRST):
        events.append(event)
        bars -= len(event.bars) if isinstance(event, Closed) else 0
        if bars <= 0:
            break
    return events


@feeds
async def test_a_symbol_is_listed_before_its_first_bar_and_minutes_come_in_order(opened: Opened) -> None:
    async with opened() as feed:
        events = await told(feed, 10)
    listed: set[str] = set()
    last = dict.fromkeys(SYMBOLS, FIRST - 1)
    for event in events:
        match event:
            case Listed(symbol=symbol, minute=minute):
                assert minute == FIRST
                listed.add(symbol)
            case Closed(bars=bars):
                for bar in bars:
                    assert bar.symbol in listed
                    assert bar.venue == feed.venue
                    assert minutes.of(bar.at) == last[bar.symbol] + 1
                    last[bar.symbol] += 1
    assert listed == set(SYMBOLS)


@feeds
async def test_no_bar_is_told_before_its_minute_has_closed(opened: Opened) -> None:
    async with opened() as feed:
        for event in await told(feed, 10):
            if isinstance(event, Closed):
                assert all(event.now >= minutes.closes(minutes.of(bar.at)) for bar in event.bars)


@feeds
async def test_time_never_runs_backwards(opened: Opened) -> None:
    async with opened() as feed:
        times = [event.now for event in await told(feed, 10)]
    assert times == sorted(times)


@feeds
async def test_quotes_are_told_while_the_market_goes_on(opened: Opened) -> None:
    async with opened() as feed, asyncio.TaskGroup() as group:
        quotes = aiter(feed.quotes(["BTC"]))
        first = group.create_task(_next(quotes))
        await asyncio.sleep(0)
        going = group.create_task(_exhausted(feed))
        quote = await first
        going.cancel()
    assert (quote.venue, quote.symbol) == (feed.venue, "BTC")
    assert quote.bid < quote.ask


@feeds
async def test_the_past_can_be_had_and_only_the_past_that_was_asked_for(opened: Opened) -> None:
    async with opened() as feed:
        pieces = await feed.history(["BTC"], FIRST - 30, FIRST - 10)
    (btc,) = pieces
    assert (btc.venue, btc.symbol) == (feed.venue, "BTC")
    assert btc.minute.tolist() == list(range(FIRST - 30, FIRST - 10))


async def _next(quotes: AsyncIterator[Quote]) -> Quote:
    return await anext(quotes)


async def _exhausted(feed: Feed) -> None:
    async for _ in feed.closed(SYMBOLS, FIRST):
        await asyncio.sleep(0)
