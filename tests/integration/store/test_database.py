"""The database as the rooms use it."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from strandloom.basics.errors import BadInput
from strandloom.store import migrations
from strandloom.store.database import Database
from tests.servers import found
from tests.servers.bouncer import Bouncer
from tests.servers.park import Park


async def test_a_test_begins_with_every_migration_applied(any_database: Database) -> None:
    assert await migrations.migrate(any_database) == []
    assert {entry.state for entry in await migrations.status(any_database)} == {"applied"}


async def test_an_unknown_query_names_its_neighbours(any_database: Database) -> None:
    with pytest.raises(BadInput, match=r"migrations\.recorded"):
        await any_database.fetch("migrations.recordet")


async def test_values_come_back_as_they_went_in(any_database: Database) -> None:
    async with any_database.session() as session:
        row = await session.connection.fetchrow(
            "select $1::jsonb as body, $2::numeric as price", {"a": [1, None, "ü"]}, Decimal("0.10")
        )
    assert row is not None
    assert (row["body"], row["price"]) == ({"a": [1, None, "ü"]}, Decimal("0.10"))


async def test_a_session_pooler_is_as_good_as_none(park: Park, database_url: str, state_dir: Path) -> None:
    program = found.pgbouncer()
    if program is None:
        pytest.skip("no pgbouncer on this machine: scripts/install-test-databases brings it")
    server = await asyncio.to_thread(park.server, "embedded 18")
    bouncer = Bouncer(program, server=server.folder, folder=state_dir / "bouncer", mode="session")
    database = await Database.open(bouncer.url(database_url.split("?")[0].rsplit("/", 1)[1]))
    async with database.session() as session:
        limit = await session.connection.fetchval("select current_setting('statement_timeout')")
    assert (database.pooled, limit) == (False, "30s")
    await database.close()
    bouncer.stop()


async def test_a_transaction_pooler_is_noticed(park: Park) -> None:
    for kind, expected in (("embedded 18", False), ("pgbouncer", True)):
        async with park.database_url(kind) as url:
            database = await Database.open(url)
            assert database.pooled is expected
            await database.close()
