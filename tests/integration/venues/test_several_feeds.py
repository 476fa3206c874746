"""The channels of two accounts, one heard over two connections: each thing once, under its account."""

from datetime import timedelta
from random import Random
from typing import Any

from strandloom.basics.clock import SystemClock
from strandloom.exchange.engine import Engine
from strandloom.exchange.server.limits import Limits
from strandloom.venues.account_feed import AccountSnapshot, OrderUpdate
from strandloom.venues.hyperliquid.feed import HyperliquidFeed
from strandloom.venues.several_feeds import SeveralFeeds
from tests.acceptance.exchange.world import START, a_world
from tests.contract.venue_stages import a_wire_venue, by_hand
from tests.servers.listener import listening


async def test_each_accounts_fills_are_told_once_and_by_its_name() -> None:
    with a_world(Engine(), limits=Limits.none(), faucet=None) as world:
        shared: dict[str, Any] = {}
        async with (
            a_wire_venue(world, 1, name="one", shared=shared) as one,
            a_wire_venue(world, 1, name="another_way", shared=shared) as way,
            a_wire_venue(world, 2, name="two", shared=shared) as two,
        ):
            named = [("one", one), ("one", way), ("two", two)]
            clock = SystemClock()
            feeds = [(name, HyperliquidFeed(venue, world.url, clock, Random(1))) for name, venue in named]
            by_hand(world, 1, 101_000, tif="Ioc")
            async with listening(SeveralFeeds(feeds), START - timedelta(hours=1)) as listener:
                await listener.until(lambda heard: len(heard.of(AccountSnapshot)) == 3)
                by_hand(world, 2, 101_000, tif="Ioc")
                by_hand(world, 1, 99_000, is_buy=False, tif="Ioc")
                await listener.until(lambda heard: len(heard.fills) >= 3)
                for number in (1, 2):  # what comes last on every connection
                    by_hand(world, number, 90_000)
                await listener.until(
                    lambda heard: [u.state for u in heard.of(OrderUpdate)].count("acknowledged") >= 3
                )
        told = sorted((fill.venue, fill.side) for fill in listener.fills)
        assert told == [("one", "buy"), ("one", "sell"), ("two", "buy")]
