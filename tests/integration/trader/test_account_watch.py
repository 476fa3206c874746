"""The account watch on the exchange's own channels: what happens there is looked at within the moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from random import Random

from strandloom.teams.trader.account_watch import AccountWatch
from strandloom.venues.account_feed import AccountEvent, AccountFeed, AccountSnapshot
from strandloom.venues.hyperliquid.feed import HyperliquidFeed, Pace
from tests.acceptance.faults.floor import LOT, Floor, a_floor
from tests.contract.venue_stages import by_hand
from tests.servers.news import ToldUpkeep
from tests.unit.teams.trader.desk import Looking

A_FILL = ("news", "BTC", "a fill")
BACK = ("reconnect", "", "the venue is back")


class Connected:
    """A feed that says when its first snapshot has come: from then on nothing is missed."""

    def __init__(self, feed: AccountFeed) -> None:
        self._feed = feed
        self.whole = asyncio.Event()

    async def events(self, since: datetime) -> AsyncIterator[AccountEvent]:
        async for event in self._feed.events(since):
            if isinstance(event, AccountSnapshot):
                self.whole.set()
            yield event


@asynccontextmanager
async def watched(floor: Floor) -> AsyncIterator[ToldUpkeep]:
    """The watch alone moves the network from here on."""
    upkeep = ToldUpkeep(Looking(floor.network), floor.venue, floor.clock, 5.0, floor.readiness)
    pace = Pace(silence=5.0, look=0.1, again=3_600.0)
    feed = HyperliquidFeed(floor.venue, floor.world.url, floor.clock, Random(1), pace=pace)
    connected = Connected(feed)
    running = asyncio.create_task(AccountWatch(connected, upkeep, floor.clock).run())
    try:
        async with asyncio.timeout(60):
            await connected.whole.wait()
        yield upkeep
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def told(calls: list[list[tuple[str, str, str]]]) -> list[tuple[str, str, str]]:
    return [need for call in calls for need in call]


async def test_a_stop_that_the_venue_cancels_is_back_without_any_timer() -> None:
    async with a_floor() as floor:
        await floor.decide()
        await floor.minute()
        (first,) = [order.oid for order in floor.resting() if order.is_trigger]
        async with watched(floor) as upkeep:
            floor.world.admin("cancel_all", user=floor.user)
            await upkeep.until(lambda calls: any("by itself" in need[2] for need in told(calls)))
        (second,) = [order.oid for order in floor.resting() if order.is_trigger]
        assert second != first
        await floor.is_true()


async def test_a_fill_inside_a_gap_is_told_after_it_and_guarded() -> None:
    async with a_floor() as floor:
        await floor.decide()
        await floor.minute()
        async with watched(floor) as upkeep:
            by_hand(floor.world, 1, 90_000, is_buy=False, sz=1_000_000, tif="Ioc", reduce_only=True)
            await upkeep.until(lambda calls: A_FILL in told(calls))
            before = len(upkeep.told)
            floor.world.admin("disconnect")
            by_hand(floor.world, 1, 101_000, tif="Ioc")
            await upkeep.until(lambda calls: {A_FILL, BACK} <= {*told(calls[before:])})
        assert await floor.network.board.past.look("trade.open") == []
        tracked = (await floor.network.said("position_tracking"))[-1].body
        assert tracked.unexplained == ("BTC",)  # type: ignore[attr-defined]
        assert floor.position() == LOT
