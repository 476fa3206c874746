"""Migrations: once each, whole or not at all, by any number of processes, and never changed afterwards."""

import asyncio
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from strandloom.basics.errors import CannotStart
from strandloom.store import migrations
from strandloom.store.database import Database
from strandloom.store.embedded import EmbeddedPostgres
from strandloom.store.migrations import Migration
from tests.servers.park import Park

FIRST = Migration(version="20260101000000", name="first", sql="create table one as select 1 as n;")
SECOND = Migration(version="20260102000000", name="second", sql="create table two as select 2 as n;")
BROKEN = Migration(version="20260102000000", name="second", sql="create table two (); select 1 / 0;")


async def _tables(database: Database) -> list[str]:
    async with database.session() as session:
        found = await session.connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    return sorted(row["tablename"] for row in found)


async def test_every_server_takes_them_all_and_only_once(any_empty_database: Database) -> None:
    everything = [step.file for step in migrations.load()]
    assert await migrations.migrate(any_empty_database) == everything
    assert await migrations.migrate(any_empty_database) == []
    assert {entry.state for entry in await migrations.status(any_empty_database)} == {"applied"}


async def test_many_processes_at_once_apply_each_once(any_empty_database: Database) -> None:
    others = [await Database.open(any_empty_database.url) for _ in range(4)]
    applied = await asyncio.gather(*(migrations.migrate(each, [FIRST, SECOND]) for each in others))
    assert sorted(file for files in applied for file in files) == [FIRST.file, SECOND.file]
    for each in others:
        await each.close()


async def test_one_that_fails_is_named_and_leaves_nothing(database: Database) -> None:
    with pytest.raises(CannotStart, match=r"20260102000000_second\.sql failed .* division by zero"):
        await migrations.migrate(database, [*migrations.load(), BROKEN])
    assert "two" not in await _tables(database)
    assert await migrations.migrate(database, [*migrations.load(), SECOND]) == [SECOND.file]


async def test_an_edited_one_is_refused_by_name(database: Database) -> None:
    edited = [replace(migrations.load()[0], sql="select 1;"), *migrations.load()[1:]]
    with pytest.raises(CannotStart, match=rf"{edited[0].file} was edited after"):
        await migrations.migrate(database, edited)
    assert (await migrations.status(database, edited))[0].state == "edited"


async def test_a_database_from_the_future_is_refused(database: Database) -> None:
    older = migrations.load()[:-1]
    with pytest.raises(CannotStart, match=rf"{migrations.load()[-1].version}.*update Strandloom"):
        await migrations.migrate(database, older)


async def test_one_that_arrives_late_is_applied(database: Database) -> None:
    assert await migrations.migrate(database, [FIRST, *migrations.load()]) == [FIRST.file]


async def test_what_the_supabase_cli_applied_is_accepted_and_then_watched(
    any_empty_database: Database,
) -> None:
    async with any_empty_database.session() as session:
        await session.connection.execute(
            "create schema supabase_migrations;"
            "create table supabase_migrations.schema_migrations"
            " (version text primary key, statements text[], name text);"
            "insert into supabase_migrations.schema_migrations (version, name) values"
            " ('20260101000000', 'first'), ('20250101000000', 'of_another_project');" + FIRST.sql
        )
    assert await migrations.migrate(any_empty_database, [FIRST, SECOND]) == [SECOND.file]
    with pytest.raises(CannotStart, match=r"20260101000000_first\.sql was edited"):
        await migrations.migrate(any_empty_database, [replace(FIRST, sql="select 1;"), SECOND])


async def test_an_upgraded_database_has_the_schema_of_a_fresh_one(
    park: Park, embedded: EmbeddedPostgres, database_url: str
) -> None:
    async with park.database_url("embedded 18", template="template0") as url:
        upgraded = await Database.open(url)
        steps = migrations.load()
        for count in range(1, len(steps) + 1):
            assert len(await migrations.migrate(upgraded, steps[:count])) == 1
        async with upgraded.session() as session:
            for step in steps:  # the Supabase CLI may run ours over again
                await session.connection.execute(step.sql)
        await upgraded.close()
        assert _schema(embedded, url) == _schema(embedded, database_url)


def _schema(embedded: EmbeddedPostgres, url: str) -> str:
    dump = [embedded.program("pg_dump"), "--schema-only", "--no-owner", f"--dbname={url}"]
    told = subprocess.run(dump, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own program
    return re.sub(r"^\\(un)?restrict .*$", "", told, flags=re.MULTILINE)


def test_the_folder_for_the_supabase_cli_is_the_same_folder() -> None:
    project = Path(__file__).resolve().parents[3]
    assert (project / "supabase/migrations").resolve() == project / "sql/migrations"


@pytest.mark.parametrize("step", migrations.load(), ids=lambda step: step.file)
def test_a_migration_leaves_its_transaction_to_us(step: Migration) -> None:
    assert not re.search(r"^\s*(commit|rollback|begin\s*;|start transaction)", step.sql, re.I | re.M)
    assert "concurrently" not in step.sql.lower()
