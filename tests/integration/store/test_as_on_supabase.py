"""A database as Supabase hands it out: no superuser, and everything new in `public` is open to everybody."""

import itertools
import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from strandloom.store import migrations, queries
from strandloom.store.database import Database
from strandloom.store.reset import reset
from tests.servers.park import Park

RULES = queries.parse("catalog", Path(__file__).with_name("catalog.sql").read_text())
_numbers = itertools.count()
_OWNER = """
create role {owner} login createrole createdb bypassrls;
grant anon, authenticated, service_role to {owner} with admin option;
alter database {database} owner to {owner};
"""
_OPEN = """
alter default privileges for role {owner} in schema public
  grant all on {things} to anon, authenticated, service_role;
"""


@pytest.fixture(params=["embedded 18", "debian 15", "npm 17"])
async def handed_out(park: Park, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """Such a database, migrated by its owner."""
    owner = f"owner_{os.getpid()}_{next(_numbers)}"
    async with park.database_url(request.param, template="template0") as url:
        admin = await asyncpg.connect(url)
        name = await admin.fetchval("select current_database()")
        await admin.execute(_OWNER.format(owner=owner, database=name))
        for things in ("tables", "functions", "sequences"):
            await admin.execute(_OPEN.format(owner=owner, things=things))
        opened = await Database.open(url.replace("postgres@", f"{owner}@"))
        await migrations.migrate(opened)
        yield opened
        await opened.close()
        await admin.execute(f"alter database {name} owner to postgres; reassign owned by {owner} to postgres")
        await admin.execute(f"drop owned by {owner}; drop role {owner}")
        await admin.close()


async def test_its_owner_can_migrate_and_nothing_stays_open(handed_out: Database) -> None:
    async with handed_out.session() as session:
        for rule in RULES.values():
            culprits = await session.connection.fetch(rule.sql)
            assert [row["culprit"] for row in culprits] == [], rule.name


async def test_a_reset_leaves_it_as_it_should_be(handed_out: Database) -> None:
    assert await reset(handed_out) == [step.file for step in migrations.load()]
    async with handed_out.session() as session:
        open_to_others = await session.connection.fetch(RULES["catalog.relations_open_to_others"].sql)
    assert [row["culprit"] for row in open_to_others] == []
