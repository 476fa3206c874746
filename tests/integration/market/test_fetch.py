"""Fetching from a venue: page by page, resumed where it stopped, and honest about what cannot be had."""

import json
from contextlib import aclosing
from datetime import timedelta
from random import Random

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.cli import data_fetch
from strandloom.market import minute as minutes
from strandloom.market.feeds.hyperliquid import HyperliquidFeed
from strandloom.market.fetching import fetch
from strandloom.market.store import BarStore
from strandloom.store.database import Database
from tests.bars import MINUTE as M
from tests.servers.venue import Venue, a_venue
from tests.venue_clock import VenueClock


async def traded(venue: Venue, first: int, length: int) -> None:
    for n in range(length):
        for coin in venue.coins:
            await venue.trade(coin, first + n, 100 + n % 7)


def spans_asked(venue: Venue) -> list[tuple[str, int, int]]:
    requests = [asked["req"] for asked in venue.asked if asked["type"] == "candleSnapshot"]
    return [(r["coin"], r["startTime"] // 60_000 - M, (r["endTime"] + 1) // 60_000 - M) for r in requests]


async def test_a_fetch_that_was_broken_off_goes_on_where_it_stopped(database: Database) -> None:
    clock = VenueClock(minutes.opens(M + 2_500))
    store = BarStore(database)
    async with a_venue(clock, "BTC") as venue:
        await traded(venue, M, 2_500)
        feed = HyperliquidFeed(venue.url, clock, Random(1))
        async with aclosing(fetch(feed, store, ["BTC"], M, M + 2_500, M + 2_500)) as steps:
            first = await anext(steps)
        assert (first.start - M, first.stop - M, first.stored) == (0, 1_000, 1_000)
        rest = [page async for page in fetch(feed, store, ["BTC"], M, M + 2_500, M + 2_500)]
        assert [(page.start - M, page.stop - M) for page in rest] == [(1_000, 2_000), (2_000, 2_500)]
        await feed.close()
        assert spans_asked(venue) == [("BTC", 0, 1_000), ("BTC", 1_000, 2_000), ("BTC", 2_000, 2_500)]
    (held,) = await store.held()
    assert (held.bars, held.missing) == (2_500, 0)


async def test_minutes_without_a_trade_are_filled_flat_in_history_too(database: Database) -> None:
    clock = VenueClock(minutes.opens(M + 10))
    async with a_venue(clock, "BTC") as venue:
        for n in (0, 1, 4):
            await venue.trade("BTC", M + n, 100 + n)
        feed = HyperliquidFeed(venue.url, clock, Random(1))
        (btc,) = await feed.history(["BTC"], M, M + 10)
        await feed.close()
    assert btc.columns["close"].tolist() == [100.0, 101.0, 101.0, 101.0, 104.0]
    assert btc.filled.tolist() == [False, False, True, True, False]


async def test_what_lies_further_back_than_the_venue_keeps_is_said(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = SystemClock().now()
    async with a_venue(VenueClock(now), "BTC") as venue:
        await traded(venue, minutes.of(now) - 50, 50)
        monkeypatch.setenv("DATABASE_URL", database_url)
        monkeypatch.setenv("HYPERLIQUID_URL", venue.url)
        start = (now - timedelta(days=10)).strftime("%Y-%m-%dT%H:%M")
        await data_fetch.run("hyperliquid", "BTC", start, None, as_json=True)
    said = capsys.readouterr()
    (row,) = json.loads(said.out)
    assert row["symbol"] == "BTC"
    assert row["stored"] in (49, 50)  # the clock may have gone on by a minute
    assert "cannot be had: hyperliquid_local keeps only the latest 5,000 minutes" in said.err
