"""Waking on a real database: by notification where they arrive, by polling where they do not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.delivery import Delivery, Subscription
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.blackboard.waking import Waking
from strandloom.store.database import Database
from tests.builders import a_pulse, from_feed
from tests.servers.park import Park

READER = "raw_data.reader"


@asynccontextmanager
async def awake(database: Database, *, prove_s: float = 10.0) -> AsyncIterator[tuple[SqlBoard, Waking]]:
    """A board with one subscriber, and a waker that runs."""
    board = postgres_board(database, SystemClock())
    await board.subscribe([Subscription(consumer=READER, patterns=("*",), order="free")])
    waking = Waking(database, board.floors, SystemClock(), prove_s=prove_s)
    running = asyncio.create_task(waking.run())
    try:
        yield board, waking
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(waking: Waking, true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await waking.wait(0.05)


async def terminate_listeners(database: Database) -> int:
    async with database.session() as session:
        return int(
            await session.connection.fetchval(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where datname = current_database() and query ilike 'listen%'"
            )
        )


async def claimed(board: SqlBoard, waking: Waking) -> tuple[list[Delivery], int]:
    """What came at last, and how many waits brought nothing."""
    for empty in range(100):
        if found := await board.claim(READER, 10, "me"):
            return found, empty
        await waking.wait(1.0)
    raise AssertionError("nothing came")


async def test_a_post_calls_its_readers_by_name(database: Database) -> None:
    async with awake(database) as (board, waking):
        await until(waking, lambda: waking.hears)
        await waking.wait(0.01)
        await board.post([a_pulse()], from_feed())

        assert await waking.wait(30) == {READER}


async def test_a_terminated_listener_costs_at_most_one_polling_interval(database: Database) -> None:
    async with awake(database) as (board, waking):
        await until(waking, lambda: waking.hears)
        assert await board.claim(READER, 1, "me") == []

        assert await terminate_listeners(database) == 1
        await board.post([a_pulse()], from_feed())
        found, empty_waits = await claimed(board, waking)

        assert len(found) == 1
        assert empty_waits <= 1
        await until(waking, lambda: not waking.hears)
        await until(waking, lambda: waking.hears)


async def test_behind_a_pooler_that_swallows_notifications_polling_finds_everything(park: Park) -> None:
    async with park.database_url("pgbouncer") as url:
        database = await Database.open(url)
        async with awake(database) as (board, waking):
            await board.post([a_pulse(n) for n in range(3)], from_feed())
            found, _ = await claimed(board, waking)
            assert len(found) == 3
            assert not waking.hears
        await database.close()


async def test_a_strand_committed_late_and_below_the_floor_is_found_by_its_call(database: Database) -> None:
    """A lower seq that becomes visible after higher ones were settled must not wait for the full look."""
    async with awake(database) as (board, waking), database.transaction() as late:
        await until(waking, lambda: waking.hears)
        await late.connection.execute(
            "insert into ad_strands (module, kind, tags, content)"
            """ values ('people.me', 't_pulse', '{market:heartbeat}', '{"minute": 7}')"""
        )
        await board.post([a_pulse()], from_feed())
        (early,) = await board.claim(READER, 10, "me")
        await waking.wait(0.01)
        await late.connection.execute("commit")

        while READER not in await waking.wait(30):
            pass
        (found,) = await board.claim(READER, 10, "me")
        assert found.seq < early.seq
        await late.connection.execute("begin")
