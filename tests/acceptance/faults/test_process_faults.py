"""Processes killed, doubled, and cut off from their database, with a real PostgreSQL and a real exchange."""

import asyncio
import os
from decimal import Decimal
from pathlib import Path

import pytest

from strandloom.store.database import Database
from tests.acceptance.faults.processes import LOT, a_site, killed_at
from tests.acceptance.faults.table import fault
from tests.acceptance.faults.trader_process import AT_THE_FILL, SPEED
from tests.servers.park import Park
from tests.servers.wire import wired

pytestmark = pytest.mark.slow
D = Decimal
MOST = int(os.environ.get("KILL_POINTS", "0"))  # scripts/long kills at every one
POINTS = tuple(range(1, MOST + 1)) or (3, 6, 7, 14)
NAKED_S = 60.0
TRIES = 10  # on a slow machine a request may come too late, and is refused
GONE_S = 3.0  # a minute of the exchange's time


@pytest.mark.parametrize("point", POINTS)
@fault("the process is killed (kill -9) on the way of an order", "its heir finds what it did; filled once")
async def test_killed_on_the_way(database: Database, database_url: str, point: int) -> None:
    died, naked_s = await killed_at(database, database_url, point)
    assert died or MOST
    assert naked_s / SPEED <= NAKED_S  # what it takes to start an heir runs in real seconds


@fault("two Traders run by mistake", "one of them has the right to send; filled once, one stop")
async def test_two_traders(database: Database, database_url: str) -> None:
    async with a_site(database, database_url) as site:
        site.start()
        site.start()
        await site.decide()
        await site.until_quiet()
        await site.is_true()
        assert site.bought() == LOT
        assert site.longest_naked_s <= NAKED_S


@fault("the database is gone for a minute", "the stop at the venue guards on; then everything is caught up")
async def test_database_gone_for_a_minute(
    park: Park, database: Database, database_url: str, tmp_path: Path
) -> None:
    async with wired(park, database_url, tmp_path) as (wire, through), a_site(database, database_url) as site:
        site.start(url=through)
        await site.decide()
        await site.until_quiet()
        ends = asyncio.get_running_loop().time() + GONE_S
        while asyncio.get_running_loop().time() < ends:
            wire.cut = "before the server hears"
            await site.breathe()
        wire.cut = None
        assert wire.cuts > 0
        site.world.admin("cancel_all", user=site.user)  # something is to be done at once
        await site.until_quiet()
        await site.is_true()
        assert site.bought() == LOT
        assert site.longest_naked_s <= NAKED_S


@fault("the database is gone between a fill and its stop", "the stop that went along works from the fill on")
async def test_database_gone_between_fill_and_stop(
    park: Park, database: Database, database_url: str, tmp_path: Path
) -> None:
    async with wired(park, database_url, tmp_path) as (wire, through), a_site(database, database_url) as site:
        site.start(url=through)
        for _ in range(TRIES):
            await site.decide(entry_type="limit", entry_price=D(99_900), time_in_force="gtc")
            await site.until_quiet()
            if site.rests():
                break
        wire.gone = True
        site.world.minute()  # the one in which it was placed
        site.world.minute(BTC=(100_000.0, 100_000.0, 99_500.0, 99_600.0))
        assert site.position() == LOT
        ends = asyncio.get_running_loop().time() + GONE_S
        while asyncio.get_running_loop().time() < ends or not wire.cuts:
            await site.breathe()
            assert site.guarded() == site.position() == LOT
        wire.gone = False
        await site.until_quiet()
        await site.is_true()
        assert (site.bought(), site.longest_naked_s) == (LOT, 0)


@fault(
    "the process dies between a fill and its stop, and nobody comes for an hour",
    "the stop that went along works all the time; whoever comes finds it, or what it did",
)
@pytest.mark.parametrize("stopped_out", [False, True])
async def test_nobody_comes_for_an_hour(database: Database, database_url: str, stopped_out: bool) -> None:
    async with a_site(database, database_url) as site:
        await site.decide()
        dead = site.start(kill_at=AT_THE_FILL)
        for _ in range(TRIES):
            if await site.until_dead():
                break
            await site.decide()
        assert site.position() == LOT
        await site.passes_guarded(minutes=60)
        if stopped_out:
            site.world.minute(BTC=(100_000.0, 100_000.0, 97_000.0, 97_200.0))
            assert site.position() == 0
        site.start(heir_of=dead)
        await site.until_quiet()
        if stopped_out:
            await site.until_closed()
        else:
            await site.is_true()
        assert (site.bought(), site.longest_naked_s) == (LOT, 0)
