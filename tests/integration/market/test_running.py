"""The market of a process on a real database: the same heartbeats, after restarts and after being killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from strandloom.basics import paths
from strandloom.basics.clock import DrivenClock, SystemClock
from strandloom.blackboard.audit import all_checks
from strandloom.blackboard.board import Search
from strandloom.blackboard.memory_board import memory_board
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.blackboard.strand import Strand
from strandloom.market import audit as audit  # registers the checks
from strandloom.market import beat as beats
from strandloom.market import minute as minutes
from strandloom.market import replay as bulk
from strandloom.market import sample
from strandloom.market.filling import Filling
from strandloom.market.panel import panel
from strandloom.market.pump import Pump
from strandloom.market.running import Running
from strandloom.market.source import source
from strandloom.market.store import BarStore
from strandloom.market.window import Window
from strandloom.settings import Settings
from strandloom.store.database import Database
from tests.bars import MINUTE as M
from tests.bars import a_bar, closed
from tests.scripted_feed import ScriptedFeed

PROJECT = Path(__file__).resolve().parents[3]
DAY = minutes.parse("2025-05-06")
LENGTH = 90
PATIENCE_S = 180.0


def replaying(length: int = LENGTH) -> Settings:
    return Settings(
        feed="replay",
        market_speed=0,
        replay_from=minutes.opens(DAY),
        replay_to=minutes.opens(DAY + length),
    )


async def run(database: Database, settings: Settings, window: Window | None = None) -> SqlBoard:
    board = postgres_board(database, SystemClock())
    async with source(settings, "replay", BarStore(database)) as market:
        store = BarStore(database)
        filling = Filling(store, market.feed.venue, window or Window(market.symbols), SystemClock())
        running = Running(market, store, board, filling, settings)
        await running.prepare()
        await running.beat()
    return board


async def heartbeats(board: SqlBoard) -> list[Strand]:
    page = await board.find(Search(kind="heartbeat"), limit=1000)
    return list(page.strands[::-1])


async def test_the_same_heartbeats_come_from_the_database_and_from_memory(database: Database) -> None:
    stored = await heartbeats(await run(database, replaying()))
    day = panel(sample.load(), DAY, DAY + LENGTH)
    assert [strand.body for strand in stored] == [beat.body for beat in bulk.beats(day)]
    clock = SystemClock()
    memory = memory_board(clock.wall)
    for beat in bulk.beats(day):
        await memory.post([beats.draft(beat.minute, beat.body)], beats.cause("sample", beat.minute))
    told = (await memory.find(Search(kind="heartbeat"), limit=1000)).strands[::-1]
    assert [(s.id, s.at, s.tags, s.lifecycle) for s in stored] == [
        (s.id, s.at, s.tags, s.lifecycle) for s in told
    ]


async def test_what_must_hold_of_the_market_holds_and_a_violation_is_found(database: Database) -> None:
    await run(database, replaying(10))
    checks = [check for check in all_checks() if check.name.startswith("market_")]
    assert len(checks) == 3
    assert [await check.run(database) for check in checks] == [[], [], []]
    async with database.transaction() as session:
        gone = minutes.opens(DAY + 3)
        await session.connection.execute(
            "delete from market_minutes where minute = $1 and symbol = 'BTC'", gone
        )
        await session.connection.execute(
            "insert into market_beats values ('sample', $1)", minutes.opens(DAY + 99)
        )
        await session.connection.execute(
            "update market_minutes set revision = 2 where minute = $1", minutes.opens(DAY)
        )
    found = {check.name: [finding.subject for finding in await check.run(database)] for check in checks}
    assert found["market_bars"] == ["sample BTC 2025-05-06 00:03:00+00"]
    assert found["market_beats"] == ["sample 2025-05-06 01:39:00+00"]
    assert len(found["market_versions"]) == 3


async def test_a_restart_goes_on_after_the_last_heartbeat(database: Database) -> None:
    await run(database, replaying(30))
    board = await run(database, replaying(60))
    assert [strand.at for strand in await heartbeats(board)] == [minutes.closes(DAY + n) for n in range(60)]


async def test_history_is_there_before_the_first_heartbeat(database: Database) -> None:
    await run(database, replaying(5))
    (held,) = [one for one in await BarStore(database).held() if one.symbol == "BTC"]
    assert minutes.of(held.first) == panel(sample.load()).start
    assert minutes.of(held.last) == DAY + 4


async def test_a_window_is_the_same_in_every_process_and_after_a_restart(database: Database) -> None:
    settings = replaying()
    pumping = Window(sample.SYMBOLS)
    await run(database, replaying(30))
    following, store = Window(sample.SYMBOLS), BarStore(database)
    filling = Filling(store, "sample", following, SystemClock())
    await filling.warm(sample.SYMBOLS, DAY + 30)
    await run(database, settings, pumping)
    assert await filling.catch_up() == LENGTH - 30
    restarted = Window(sample.SYMBOLS)
    await Filling(store, "sample", restarted, SystemClock()).warm(sample.SYMBOLS, DAY + LENGTH)
    for timeframe in ("1m", "5m", "1h"):
        frames = [window.view().bars(timeframe) for window in (pumping, following, restarted)]
        for other in frames[1:]:
            assert np.array_equal(frames[0].at, other.at), timeframe
            assert np.array_equal(frames[0].close, other.close, equal_nan=True), timeframe


async def test_who_follows_has_the_time_of_the_market(database: Database) -> None:
    await run(database, replaying(30))
    clock = DrivenClock(minutes.opens(DAY))
    window = Window(sample.SYMBOLS)
    await Filling(BarStore(database), "sample", window, clock).catch_up()
    assert clock.now() == window.closed_at() == minutes.opens(DAY + 30)


async def test_studio_says_how_fresh_symbols_are_and_what_was_wrong(database: Database) -> None:
    board, clock = postgres_board(database, SystemClock()), SystemClock()
    silent = closed(a_bar("BTC", M + 1), seconds=30)
    feed = ScriptedFeed(closed(a_bar("BTC", M), a_bar("ETH", M)), silent)
    await Pump(feed, board, clock).run(["BTC", "ETH"], M)
    answers = {}
    async with database.session() as session:
        for name in ("how_fresh", "what_was_wrong_with_data"):
            text = (paths.sql() / "studio" / f"{name}.sql").read_text()
            answers[name] = [dict(row) for row in await session.connection.fetch(text)]
    behind = {row["symbol"]: row["behind_the_heartbeat"].total_seconds() for row in answers["how_fresh"]}
    assert behind == {"ETH": 60.0, "BTC": 0.0}
    assert [(row["symbol"], row["problem"]) for row in answers["what_was_wrong_with_data"]] == [
        ("ETH", "gap")
    ]


async def test_late_and_revised_bars_reach_every_window_alike(database: Database) -> None:
    late, revised = a_bar("ETH", M, 101.0), a_bar("BTC", M, 99.5)
    events = [
        closed(a_bar("BTC", M), seconds=30),
        closed(late, a_bar("BTC", M + 1), a_bar("ETH", M + 1)),
        closed(revised, a_bar("BTC", M + 2), a_bar("ETH", M + 2)),
    ]
    store, clock = BarStore(database), SystemClock()
    pumping, following = Window(["BTC", "ETH"]), Window(["BTC", "ETH"])
    for window in (pumping, following):
        window.append(M - 1, [a_bar("BTC", M - 1), a_bar("ETH", M - 1)])
    learn = Filling(store, "test", pumping, clock).beat
    board = postgres_board(database, clock)
    await Pump(ScriptedFeed(*events), board, clock, learn=learn).run(["BTC", "ETH"], M)
    assert await Filling(store, "test", following, clock).catch_up() == 3
    closes = [window.view().bars("1m").close.tolist() for window in (pumping, following)]
    assert closes[0] == closes[1] == [[100.5, 99.5, 100.5, 100.5], [100.5, 101.0, 100.5, 100.5]]


@contextmanager
def a_service(database_url: str) -> Iterator[subprocess.Popen[str]]:
    """The real program in a process of its own, leading the market alone."""
    settings = {
        "DATABASE_URL": database_url,
        "FEED": "replay",
        "TEAMS": "market",
        "MARKET_SPEED": "60000",  # and not 0, which would wait for the leases of the killed
        "REPLAY_FROM": minutes.opens(DAY).isoformat(),
        "REPLAY_TO": minutes.opens(DAY + LENGTH).isoformat(),
        "PYTHONPATH": f"{PROJECT}:{PROJECT / 'src'}",
    }
    service = subprocess.Popen(
        [sys.executable, "-P", "-m", "src.main"],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield service
    finally:
        service.kill()
        service.wait()


async def given(database: Database, wanted: int, service: subprocess.Popen[str]) -> None:
    """Wait until that many heartbeats are in the database."""
    store, until = BarStore(database), time.monotonic() + PATIENCE_S
    while (last := await store.last_beat("sample")) is None or last < DAY + wanted - 1:
        assert service.poll() is None, "the service ended by itself"
        assert time.monotonic() < until, f"still at {last}"
        await asyncio.sleep(0.05)


@pytest.mark.timeout(600)
async def test_killed_at_any_moment_no_minute_is_lost_and_none_counted_twice(
    database: Database, database_url: str
) -> None:
    for wanted in (11, 50):
        with a_service(database_url) as service:
            await given(database, wanted, service)
            os.kill(service.pid, signal.SIGKILL)
    with a_service(database_url) as service:
        await given(database, LENGTH, service)
    board = postgres_board(database, SystemClock())
    assert [strand.at for strand in await heartbeats(board)] == [
        minutes.closes(DAY + n) for n in range(LENGTH)
    ]
    store = BarStore(database)
    assert [one.corrections for one in await store.held()] == [0, 0, 0]
    assert await store.gaps("sample", sample.SYMBOLS, DAY, DAY + LENGTH) == []
