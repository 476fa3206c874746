"""The database as the rooms use it."""

from decimal import Decimal

import pytest

from strandloom.basics.errors import BadInput
from strandloom.store import migrations
from strandloom.store.database import Database


async def test_a_test_begins_with_every_migration_applied(database: Database) -> None:
    assert await migrations.migrate(database) == []
    assert {entry.state for entry in await migrations.status(database)} == {"applied"}


async def test_an_unknown_query_names_its_neighbours(database: Database) -> None:
    with pytest.raises(BadInput, match=r"migrations\.recorded"):
        await database.fetch("migrations.recordet")


async def test_values_come_back_as_they_went_in(database: Database) -> None:
    async with database.session() as session:
        row = await session.connection.fetchrow(
            "select $1::jsonb as body, $2::numeric as price", {"a": [1, None, "ü"]}, Decimal("0.10")
        )
    assert row is not None
    assert (row["body"], row["price"]) == ({"a": [1, None, "ü"]}, Decimal("0.10"))
