"""What happens when connections break, run out or hang: an error of ours, in time."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from strandloom.basics.errors import BadInput, CannotStart, Retryable
from strandloom.store import failures, queries
from strandloom.store.database import Database
from strandloom.store.failures import Busy, Conflict, ConnectionLost, OutOfRoom, TooSlow
from strandloom.store.limits import Limits
from strandloom.store.postmaster import Postmaster
from tests.servers import quick
from tests.servers.park import Park
from tests.servers.wire import wired

SQL = queries.load(Path(__file__).parent / "queries")
SHORT = Limits(connections=2, statement_s=2, free_connection_s=0.2, patience_s=60)


@pytest.fixture
async def short(any_database_url: str) -> AsyncIterator[Database]:
    """A database with two connections and no patience for slow statements, on every kind of server."""
    opened = await Database.open(any_database_url, limits=SHORT, queries=SQL)
    async with opened.session() as session:
        await session.connection.execute("create table kept (n int primary key); create sequence calls")
    yield opened
    await opened.close()


async def test_a_statement_that_hangs_is_cancelled(short: Database) -> None:
    with pytest.raises(TooSlow, match=r"test\.sleep ran past its time limit"):
        async with short.transaction() as tx:
            await tx.fetchval("test.sleep", 30)
    assert await short.fetchval("test.once") == 1


async def test_every_transaction_carries_the_limits(short: Database) -> None:
    async with short.transaction() as tx:
        row = await tx.fetchrow("test.limits")
    assert row is not None
    assert tuple(row) == ("2s", "1min")


async def test_exhausted_connections_are_named(short: Database) -> None:
    async with short.session(), short.session():
        with pytest.raises(Busy, match=r"all 2 database connections were busy for 0\.2 s"):
            await short.fetchval("test.once")
    assert await short.fetchval("test.once") == 1


async def test_a_repeatable_query_is_sent_again_when_its_connection_breaks(short: Database) -> None:
    assert await short.fetchval("test.dies_first_time") is True
    assert await short.fetchval("test.calls") == 2


async def test_any_other_says_that_its_fate_is_unknown(short: Database) -> None:
    with pytest.raises(ConnectionLost, match=r"broke during test\.dies"):
        await short.fetchval("test.dies")
    assert await short.fetchval("test.once") == 1


async def test_a_transaction_that_raises_leaves_nothing(short: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with short.transaction() as tx:
            await tx.execute("test.keep", 1)
            raise ZeroDivisionError
    assert await short.fetchval("test.count") == 0


async def test_a_cancelled_transaction_leaves_nothing(short: Database) -> None:
    inside = asyncio.Event()

    async def slow() -> None:
        async with short.transaction() as tx:
            await tx.execute("test.keep", 1)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(slow())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await short.fetchval("test.count") == 0


async def test_a_broken_connection_rolls_the_transaction_back(short: Database) -> None:
    with pytest.raises(ConnectionLost):
        async with short.transaction() as tx:
            await tx.execute("test.keep", 1)
            await tx.fetchval("test.dies")
    assert await short.fetchval("test.count") == 0


async def test_a_timeout_of_the_callers_own_stays_its_own(short: Database) -> None:
    with pytest.raises(TimeoutError):
        async with short.transaction():
            raise TimeoutError


async def test_two_transactions_in_each_others_way_are_told_to_try_later(short: Database) -> None:
    async def keep(first: int, second: int, mine: asyncio.Event, theirs: asyncio.Event) -> None:
        async with short.transaction() as tx:
            await tx.execute("test.keep", first)
            mine.set()
            await theirs.wait()
            await tx.execute("test.keep", second)

    one, two = asyncio.Event(), asyncio.Event()
    results = await asyncio.gather(keep(1, 2, one, two), keep(2, 1, two, one), return_exceptions=True)
    assert any(isinstance(result, Conflict | TooSlow) for result in results)
    assert all(result is None or isinstance(result, Retryable) for result in results)


async def test_a_broken_constraint_speaks_the_rooms_language(
    short: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "_translations", {})
    failures.means("kept_pkey", lambda error: BadInput(f"{error.constraint_name}: it is kept already"))
    await short.execute("test.keep", 1)
    with pytest.raises(BadInput, match="kept_pkey: it is kept already"):
        await short.execute("test.keep", 1)


async def test_a_number_that_is_none_never_reaches_the_database(short: Database) -> None:
    with pytest.raises(BadInput, match=r"cannot hold: .*nan"):
        await short.fetchval("test.body", {"score": float("nan")})


async def test_a_dead_silent_wire_is_given_up_and_forgotten(
    park: Park, database_url: str, state_dir: Path
) -> None:
    hasty = Limits(
        connections=1, statement_s=0.2, grace_s=0.2, connect_s=3, free_connection_s=1, patience_s=0.1
    )
    async with wired(park, database_url, state_dir) as (wire, url):
        database = await Database.open(url, limits=hasty, queries=SQL)
        await _in_the_end(lambda: database.fetchval("test.once"))
        wire.silent = True
        for _ in range(3):
            with pytest.raises(Retryable):
                await database.fetchval("test.limits")
        with pytest.raises(Retryable):
            async with database.transaction() as tx:
                await tx.fetchval("test.limits")
        wire.silent = False
        await _in_the_end(lambda: database.fetchval("test.once"))
        await database.close()


async def test_connections_that_end_while_they_rest_are_passed_over(database: Database) -> None:
    """The loop hears of it only when it lends them, at whatever moment of that."""
    for turns_heard in range(4):
        async with database.session() as session:
            backend = await session.connection.fetchval("select pg_backend_pid()")
        quiet_until = time.monotonic() + 0.06
        os.kill(backend, signal.SIGTERM)
        while _runs(backend) or time.monotonic() < quiet_until:
            time.sleep(0.001)  # noqa: ASYNC251 - the loop must not notice meanwhile
        for _ in range(turns_heard):
            await asyncio.sleep(0)
        assert await database.fetchval("store.about") is not None


async def test_a_restarted_server_is_found_again(state_dir: Path) -> None:
    server = quick.server(state_dir)
    server.start()
    database = await Database.open(server.url(), queries=SQL)
    assert await database.fetchval("test.once") == 1
    server.stop()
    waiting = asyncio.create_task(database.fetchval("test.once"))
    await asyncio.to_thread(server.start)
    assert await waiting == 1
    await database.close()
    server.stop()


async def test_a_server_that_stays_away_is_named_without_its_password(state_dir: Path) -> None:
    server = quick.server(state_dir)
    server.start()
    hasty = Limits(patience_s=0.1, free_connection_s=1)
    url = server.url().replace("postgres@", "postgres:hush@")
    database = await Database.open(url, limits=hasty, queries=SQL)
    server.stop()
    with pytest.raises(ConnectionLost) as lost:
        await database.fetchval("test.once")
    assert "hush" not in str(lost.value)
    await database.close()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def _in_the_end(call: Callable[[], Awaitable[object]]) -> None:
    """Do as the runner does with what may work later: try again."""
    for _ in range(100):
        try:
            await call()
        except Retryable:
            continue
        return
    raise AssertionError("it never worked")


async def test_a_full_disk_is_named_and_forgotten_when_there_is_room_again(small_disk: Path) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(b"\0" * 20_000_000)
    database = await Database.open(data_dir=small_disk / "data", queries=SQL)
    async with database.session() as session:
        await session.connection.execute("create table filled (line text)")
    kept = 0
    with pytest.raises((OutOfRoom, ConnectionLost)):  # whoever meets the end of the disk first: we, or it
        while True:
            await database.execute("test.fill")
            kept += 1
    filler.unlink()
    await _in_the_end(lambda: database.execute("test.fill"))
    lines = await database.fetchval("test.filled")
    assert lines >= (kept + 1) * 2000
    assert lines % 2000 == 0
    await database.close()


async def test_our_own_server_is_started_again_when_it_is_killed(state_dir: Path) -> None:
    database = await Database.open(data_dir=state_dir, queries=SQL)
    assert database.server is not None
    for _ in range(3):
        pid = Postmaster(database.server.cluster).pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert await database.fetchval("test.once") == 1
    await database.close()


async def test_a_server_that_never_answers_is_given_up_in_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"postgresql://me:hush@127.0.0.1:{silent.getsockname()[1]}/x"
        with pytest.raises(CannotStart, match=r"me:\*\*\*@127.* did not answer in time; check DATABASE_URL"):
            await Database.open(url, limits=Limits(connect_s=0.2))
