"""The database as the rooms use it."""

from decimal import Decimal

import pytest

from strandloom.basics.errors import BadInput
from strandloom.store import migrations
from strandloom.store.database import Database
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


async def test_a_transaction_pooler_is_noticed(park: Park) -> None:
    for kind, expected in (("embedded 18", False), ("pgbouncer", True)):
        async with park.database_url(kind) as url:
            database = await Database.open(url)
            assert database.pooled is expected
            await database.close()
