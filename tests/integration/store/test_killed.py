"""kill -9 at any moment of a start or a migration: the next start finishes what was begun."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path

import pytest

from strandloom.basics.errors import CannotStart
from strandloom.store import migrations
from strandloom.store.database import Database
from strandloom.store.postmaster import Postmaster
from tests.servers import user

FIRST, SECOND = "20260101000000_first.sql", "20260102000000_second.sql"
_ASLEEP = "select exists (select from pg_stat_activity where wait_event = 'PgSleep')"


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    """A folder whose second migration takes so long that it is surely killed in its middle."""
    (tmp_path / FIRST).write_text("create table if not exists one as select 1 as n;")
    (tmp_path / SECOND).write_text("create table two as select 2 as n; select pg_sleep(600);")
    return tmp_path


async def _until_in_the_middle(database: Database) -> None:
    async with database.session() as session:
        while not await session.connection.fetchval(_ASLEEP):
            pass


async def _finish(database: Database, steps: Path) -> list[str]:
    (steps / SECOND).write_text("create table two as select 2 as n;")
    migrations.load.cache_clear()
    return await migrations.migrate(database, migrations.load(steps))


async def test_a_killed_migrator_leaves_a_database_that_the_next_start_finishes(
    state_dir: Path, steps: Path
) -> None:
    database = await Database.open(data_dir=state_dir)
    killed = user.started(state_dir, steps)
    await _until_in_the_middle(database)
    killed.kill()
    killed.communicate()
    assert await _finish(database, steps) == [SECOND]
    await database.close()


async def test_a_killed_server_in_the_middle_of_a_migration_is_finished_too(
    state_dir: Path, steps: Path
) -> None:
    database = await Database.open(data_dir=state_dir)
    migrating = asyncio.create_task(migrations.migrate(database, migrations.load(steps)))
    await _until_in_the_middle(database)
    pid = Postmaster(state_dir / "postgres/cluster").pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(CannotStart, match="second"):
        await migrating
    await database.close()
    database = await Database.open(data_dir=state_dir)
    assert await _finish(database, steps) == [SECOND]
    await database.close()


async def test_starts_killed_at_any_moment_end_in_the_schema_of_an_undisturbed_one(
    state_dir: Path, database: Database
) -> None:
    for patience_s in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2):
        killed = user.started(state_dir)
        with pytest.raises(subprocess.TimeoutExpired):
            killed.wait(patience_s)
        killed.kill()
        killed.communicate()
    survivor = await Database.open(data_dir=state_dir)
    await migrations.migrate(survivor)
    assert await migrations.status(survivor) == await migrations.status(database)
    assert await _columns(survivor) == await _columns(database)
    await survivor.close()


async def _columns(database: Database) -> list[tuple[object, ...]]:
    async with database.session() as session:
        found = await session.connection.fetch(
            "select table_name, column_name, data_type from information_schema.columns"
            " where table_schema = 'public' order by 1, 2"
        )
    return [tuple(row) for row in found]
