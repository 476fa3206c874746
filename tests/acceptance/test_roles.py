"""Several processes over one database: roles shared, taken over after a kill, and nothing handled twice."""

import asyncio
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.audit import all_checks
from strandloom.blackboard.board import Search
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Strand
from strandloom.kinds.pattern import Pattern
from strandloom.market import minute as minutes
from strandloom.market import sample
from strandloom.market.panel import panel
from strandloom.market.store import BarStore
from strandloom.settings.fields import Role, Settings
from strandloom.store.database import Database
from strandloom.wiring import stores as stores  # registers every check
from tests.processes import Fleet, a_fleet, leaders
from tests.replayed import replayed

DAY = minutes.parse("2025-05-06")
LENGTH = 60
ROLES: tuple[Role, ...] = Settings.model_fields["teams"].default
REPLAY = {
    "FEED": "replay",
    "REPLAY_FROM": minutes.opens(DAY).isoformat(),
    "REPLAY_TO": minutes.opens(DAY + LENGTH).isoformat(),
}


async def findings(database: Database) -> dict[str, str]:
    found = {check.name: await check.run(database) for check in all_checks()}
    return {name: problems[0].problem for name, problems in found.items() if problems}


async def drained(database: Database) -> bool:
    """The replay is over and nobody has anything left."""
    last = await BarStore(database).last_beat("sample")
    counts = await postgres_board(database, SystemClock()).counts()
    return last == DAY + LENGTH - 1 and counts["deliveries"] == 0


def told(strands: Iterable[Strand]) -> set[tuple[Any, ...]]:
    """What the raw-data team saw of the market, which follows from the market alone."""
    return {
        (s.at, s.symbol, s.timeframe, p.name, p.phase, p.direction, p.price, *sorted(p.features.items()))
        for s in strands
        if isinstance(p := s.body, Pattern)
    }


async def patterns(database: Database) -> set[tuple[Any, ...]]:
    board, found, place = postgres_board(database, SystemClock()), set[tuple[Any, ...]](), None
    while True:
        page = await board.find(Search(kind="pattern"), after=place, limit=1_000)
        found |= told(page.strands)
        if (place := page.next) is None:
            return found


@pytest.mark.slow
async def test_four_processes_see_what_one_sees(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with a_fleet(database_url, tmp_path, MARKET_SPEED="1200", **REPLAY) as fleet:
        fleet.start("raw_data")
        fleet.start("decision_maker", "cil")
        fleet.start("exchange", "trader")
        await fleet.until("three processes lead", lambda: _lead(database, 5))
        fleet.start("market")
        await fleet.until("the replay is over", lambda: drained(database), within_s=200)
        assert len(set((await leaders(database)).values())) == 4
    assert await findings(database) == {}
    market = panel(sample.load(), stop=DAY + LENGTH)
    alone = await asyncio.to_thread(replayed, market, DAY - market.start)
    assert told(alone)
    assert await patterns(database) == told(alone)


async def _lead(database: Database, count: int) -> bool:
    return len(await leaders(database)) == count


@pytest.mark.slow
async def test_a_standby_takes_every_role_over_within_ten_seconds_of_a_kill(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    store = BarStore(database)
    with a_fleet(database_url, tmp_path, MARKET_SPEED="600") as fleet:
        first = fleet.start()
        await fleet.until("the first leads", lambda: _led_by(database, first.pid))
        second = fleet.start()
        await fleet.until("the second stands by", lambda: _stands_by(database))
        await fleet.until("twenty minutes are given", lambda: _given(store, 20))
        for _ in range(2):
            fleet.kill(first)
            await _taken_over(fleet, second.pid, database)
            first, second = second, fleet.start()
            await fleet.until("another stands by", lambda: _stands_by(database))
        second.send_signal(signal.SIGTERM)
        fleet.running.remove(second)
        assert second.wait(30) == 0
        first.send_signal(signal.SIGTERM)
        fleet.running.remove(first)
        assert first.wait(30) == 0
    assert await findings(database) == {}
    minutes_given = await database.fetchval("market.last_beat", "simulated")
    board = postgres_board(database, SystemClock())
    beats = (await board.find(Search(kind="heartbeat"), limit=1_000)).strands
    assert len(beats) == len({strand.at for strand in beats})
    assert minutes.of(beats[0].at) - 1 == minutes_given
    assert await board.dead() == []


async def _taken_over(fleet: Fleet, heir: int, database: Database) -> None:
    store = BarStore(database)
    before = await store.last_beat("simulated") or 0
    await fleet.until("the other leads", lambda: _led_by(database, heir), within_s=10)
    await fleet.until("the market goes on", lambda: _beyond(store, before + 10))


async def _led_by(database: Database, pid: int) -> bool:
    found = await leaders(database)
    return set(found) == set(ROLES) and set(found.values()) == {pid}


async def _stands_by(database: Database) -> bool:
    return all(row["standing_by"] for row in await database.fetch("roles.leaders"))


async def _given(store: BarStore, count: int) -> bool:
    last = await store.last_beat("simulated")
    return last is not None and last >= minutes.of(Settings().simulated_start) + count


async def _beyond(store: BarStore, minute: int) -> bool:
    return (await store.last_beat("simulated") or 0) >= minute
