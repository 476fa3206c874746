"""Rows that people write by hand, on every PostgreSQL that we support."""

from uuid import UUID

import asyncpg
import pytest

from strandloom.basics import ids
from strandloom.store.database import Database


async def _post(database: Database, row: object) -> list[asyncpg.Record]:
    async with database.session() as session:
        return await session.connection.fetch("select * from ad_post($1)", row)


async def _strands(database: Database) -> list[asyncpg.Record]:
    async with database.session() as session:
        return await session.connection.fetch('select * from "AD_strands" order by seq')


async def test_any_text_is_an_id_and_means_the_same_strand_everywhere(any_database: Database) -> None:
    await _post(any_database, {"id": "plan-7", "kind": "note", "lifecycle_id": "Größe", "tags": ["dm:plan"]})
    child = {"kind": "note", "parent_ids": ["plan-7"], "tags": ["dm:plan:child"], "content": {"a": 1}}
    await _post(any_database, child)
    plan, reply = await _strands(any_database)
    assert plan["id"] == ids.loose_id("plan-7")
    assert plan["lifecycle_id"] == reply["lifecycle_id"] == ids.loose_id("Größe")
    assert (reply["parent_ids"], reply["hop"], reply["content"]) == ([plan["id"]], 1, {"a": 1})


async def test_a_uuid_stays_itself(any_database: Database) -> None:
    own = "018F0000-0000-7000-8000-00000000000A"
    rows = await _post(any_database, {"id": own, "kind": "note"})
    assert [row["id"] for row in rows] == [UUID(own)] == [ids.loose_id(own)]


async def test_posting_a_loose_row_twice_posts_once(database: Database) -> None:
    first = await _post(database, {"id": "once", "kind": "note"})
    assert await _post(database, {"id": "once", "kind": "note"}) == first
    assert len(await _strands(database)) == 1


async def test_a_list_is_posted_whole_and_may_refer_to_itself(database: Database) -> None:
    rows = [{"id": "a", "kind": "note"}, {"id": "b", "kind": "note", "parent_ids": ["a"]}]
    assert len(await _post(database, rows)) == 2
    with pytest.raises(asyncpg.PostgresError, match="kind: is missing"):
        await _post(database, [{"id": "c", "kind": "note"}, {"id": "d"}])
    assert len(await _strands(database)) == 2


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"kind": "note", "tags": "dm:plan"}, "tags: write a list"),
        ({"kind": "note", "tags": ["Plan"]}, "tags: 'Plan' is not a tag"),
        ({"kind": "note", "parent_ids": ["nobody"]}, "parent_ids: the strand .* does not exist"),
        ({"kind": "note", "colour": "red"}, "colour: a strand has no such field"),
        ({"kind": "note", "event_at": "yesterdayish"}, "yesterdayish"),
        ({"kind": "note", "content": [1]}, "content: write an object"),
        ({"kind": "note", "hop": 3}, "hop: a strand has no such field"),
        ({"id": "x"}, "kind: is missing"),
        (7, "not a number"),
    ],
)
async def test_what_no_strand_has_is_refused_by_name(database: Database, row: object, complaint: str) -> None:
    with pytest.raises(asyncpg.PostgresError, match=complaint):
        await _post(database, row)


async def test_a_row_typed_into_the_table_gets_what_it_lacks_and_is_routed(any_database: Database) -> None:
    async with any_database.session() as session:
        run = session.connection
        await run.execute(
            "select ad_subscribe($1)",
            [
                {
                    "consumer": "cil.reader",
                    "patterns": ["dm:*"],
                    "order_by": "lifecycle",
                    "lease_s": 30,
                    "max_attempts": 3,
                }
            ],
        )
        await run.execute("insert into AD_strands (kind, tags) values ('note', '{dm:plan}')")
        row = await run.fetchrow("select * from ad_claim('cil.reader')")
        assert row is not None
        assert row["lifecycle_id"] == row["id"]
        assert row["module"] == "people.by_hand"
        assert row["id"].version == 7
        with pytest.raises(asyncpg.PostgresError, match="never edited"):
            await run.execute("update ad_strands set kind = 'other'")
