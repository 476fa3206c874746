"""The account watch: each piece of news becomes one call to look, in whatever company it comes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from strandloom.basics.errors import Retryable
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.strand import Draft, Write
from strandloom.kinds.fill import Fill
from strandloom.teams.trader.account_watch import AccountWatch, need_of
from strandloom.venues.account_feed import (
    AccountEvent,
    AccountSnapshot,
    Away,
    Liquidated,
    OrderUpdate,
    VenueCancelled,
)
from strandloom.venues.port import Balance
from tests.network import NOON
from tests.servers.news import ToldUpkeep
from tests.unit.teams.trader.desk import Looking, TradingDesk, Watch

D = Decimal
NOTHING_THERE = Balance(equity_usd=D(1), cash_usd=D(1), flows_usd=D(1), positions=(), open_orders=0)
FILL = Fill(
    venue="paper",
    symbol="BTC",
    tid=1,
    oid=7,
    cloid=None,
    side="buy",
    price=D(100),
    quantity=D(1),
    fee_usd=D(0),
    closed_pnl_usd=D(0),
    at=NOON,
    maker=False,
)
LOST = Away(venue="paper", reason="silent")
CANCELLED = VenueCancelled(venue="paper", symbol="BTC", oid=7)
LIQUIDATED = Liquidated(venue="paper", account_value_usd=D(5))


def updated(state: Any) -> OrderUpdate:
    return OrderUpdate(
        venue="paper", symbol="BTC", oid=7, cloid=None, state=state, status=state, left=D(1), at=NOON
    )


def snapshot(*, again: bool) -> AccountSnapshot:
    return AccountSnapshot(venue="paper", orders=(), balance=NOTHING_THERE, again=again)


class Told:
    """A feed that tells what it is given, when it is given."""

    def __init__(self) -> None:
        self.since: datetime | None = None
        self._events: asyncio.Queue[AccountEvent] = asyncio.Queue()

    def say(self, *events: AccountEvent) -> None:
        for event in events:
            self._events.put_nowait(event)

    async def events(self, since: datetime) -> AsyncIterator[AccountEvent]:
        self.since = since
        while True:
            yield await self._events.get()


class Quick(Watch):
    """A clock that only gives way: whatever waits already comes first, and a moment passes."""

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        for _ in range(20):
            await asyncio.sleep(0)


class Forgetful(Looking):
    """A board that does not answer the first time."""

    answers = False

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]:
        if not self.answers:
            self.answers = True
            raise Retryable("the database is away")
        return await super().post(drafts, cause, writes)


@asynccontextmanager
async def watched(looking: type[Looking] = Looking) -> AsyncIterator[tuple[Told, ToldUpkeep, TradingDesk]]:
    desk, feed, clock = TradingDesk(), Told(), Quick(30)
    upkeep = ToldUpkeep(looking(desk.network), desk.venue, clock, 5.0, desk.readiness)
    running = asyncio.create_task(AccountWatch(feed, upkeep, clock).run())
    try:
        yield feed, upkeep, desk
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize(
    ("event", "need"),
    [
        (FILL, ("news", "BTC", "a fill")),
        (updated("filled"), ("news", "BTC", "an order is filled")),
        (updated("cancelled"), ("news", "BTC", "an order is cancelled")),
        (updated("rejected"), ("news", "BTC", "an order is rejected")),
        (updated("acknowledged"), None),
        (updated("partly_filled"), None),  # its fill is told as well
        (CANCELLED, ("news", "BTC", "the venue ended an order by itself")),
        (LIQUIDATED, ("news", "", "the venue is closing positions by force")),
        (snapshot(again=False), None),  # the start looks anyway
        (snapshot(again=True), ("reconnect", "", "the venue is back")),
        (LOST, None),
    ],
)
def test_what_an_event_asks_for(event: AccountEvent, need: tuple[str, str, str] | None) -> None:
    found = need_of(event)
    assert (None if found is None else (found.reason, found.symbol, found.what)) == need


async def test_what_comes_together_is_told_together_and_the_same_once() -> None:
    async with watched() as (feed, upkeep, desk):
        feed.say(FILL, updated("filled"), FILL, LOST, snapshot(again=True))
        await upkeep.until(lambda told: len(told) == 1)
        assert upkeep.told == [
            [
                ("news", "BTC", "a fill"),
                ("news", "BTC", "an order is filled"),
                ("reconnect", "", "the venue is back"),
            ]
        ]
        assert len(await desk.network.said("attention")) == 3


async def test_later_news_is_a_call_of_its_own() -> None:
    async with watched() as (feed, upkeep, _):
        feed.say(FILL)
        await upkeep.until(lambda told: len(told) == 1)
        feed.say(LIQUIDATED)
        await upkeep.until(lambda told: len(told) == 2)
        assert [need[2] for need in upkeep.told[1]] == ["the venue is closing positions by force"]


async def test_a_second_fill_within_the_same_second_is_looked_at_as_well() -> None:
    async with watched() as (feed, upkeep, desk):
        for count in (1, 2):
            feed.say(FILL)
            await upkeep.until(lambda told, count=count: len(told) == count)  # type: ignore[misc]
        assert len(await desk.network.said("attention")) == 2


async def test_nothing_is_told_of_a_first_snapshot_and_of_what_only_rests() -> None:
    async with watched() as (feed, upkeep, _):
        feed.say(snapshot(again=False), updated("acknowledged"), LOST, FILL)
        await upkeep.until(lambda told: len(told) == 1)
        assert upkeep.told == [[("news", "BTC", "a fill")]]


async def test_news_that_the_board_did_not_take_is_told_when_it_answers() -> None:
    async with watched(Forgetful) as (feed, upkeep, desk):
        feed.say(FILL)
        await upkeep.until(lambda told: len(told) == 1)
        assert upkeep.told == [[("news", "BTC", "a fill")]]
        assert len(await desk.network.said("attention")) == 1
        assert feed.since == Quick(30).now()
