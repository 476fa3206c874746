"""What simple clients do over HTTP: loose rows in, rows out, and nothing at all without the service key."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from postgrest.exceptions import APIError
from supabase import AsyncClient, AsyncClientOptions, acreate_client

from strandloom.basics import ids
from strandloom.basics.clock import SystemClock
from strandloom.blackboard.delivery import Subscription
from strandloom.blackboard.postgres import postgres_board
from strandloom.store.database import Database
from tests.kinds import Note
from tests.servers import found
from tests.servers.postgrest import Postgrest, anon_key, service_key


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[Postgrest]:
    program = found.postgrest()
    if program is None:
        pytest.skip("no PostgREST on this machine: scripts/install-test-databases brings it")
    server = Postgrest(program, database_url=database_url, folder=tmp_path)
    yield server
    server.stop()


@pytest.fixture
async def client(door: Postgrest) -> AsyncIterator[AsyncClient]:
    async with door.client() as http:
        yield await acreate_client(door.url, service_key(), AsyncClientOptions(httpx_client=http))


async def test_a_loose_row_is_posted_as_the_body_of_a_call(client: AsyncClient) -> None:
    row = {"id": "idea-1", "kind": "note", "tags": ["dm:plan"], "content": {"why": "just so"}}
    posted = await client.rpc("ad_post", row).execute()
    assert posted.data[0]["id"] == str(ids.loose_id("idea-1"))


async def test_the_table_answers_to_its_name_in_either_spelling(client: AsyncClient) -> None:
    row = {"module": "people.me", "kind": "note", "tags": ["dm:plan"]}
    inserted = await client.table("AD_strands").insert(row).execute()
    read = await client.table("ad_strands").select("*").eq("id", inserted.data[0]["id"]).execute()
    assert read.data == inserted.data
    assert read.data[0]["lifecycle_id"] == read.data[0]["id"]


async def test_a_row_inserted_over_http_is_routed_and_a_bad_one_dies_visibly(
    client: AsyncClient, database: Database
) -> None:
    board = postgres_board(database, SystemClock())
    await board.subscribe([Subscription(consumer="cil.reader", patterns=("dm:*",), order="free")])
    good = {"module": "people.me", "kind": "t_note", "tags": ["dm:plan"], "content": {"text": "hello"}}
    bad = {**good, "content": {"text": 7}}
    strange = {**good, "kind": "t_unheard_of"}
    await client.table("AD_strands").insert([good, bad, strange]).execute()

    (delivery,) = await board.claim("cil.reader", 10, "me")

    assert delivery.strand.body == Note(text="hello")
    assert sorted(letter.error.partition(":")[0] for letter in await board.dead()) == ["body.text", "kind"]


async def test_a_malformed_tag_is_refused_at_the_door(client: AsyncClient) -> None:
    with pytest.raises(APIError, match="'Plan!' is not a tag") as refusal:
        await client.rpc("ad_post", {"kind": "note", "tags": ["Plan!"]}).execute()
    assert refusal.value.code == "PT422"


async def test_nobody_can_edit_a_strand(client: AsyncClient) -> None:
    await client.rpc("ad_post", {"id": "a", "kind": "note"}).execute()
    with pytest.raises(APIError, match="permission denied"):
        await client.table("ad_strands").update({"kind": "x"}).eq("kind", "note").execute()


async def test_without_the_service_key_there_is_nothing_to_see_or_call(door: Postgrest) -> None:
    async with door.client() as http:
        stranger = await acreate_client(door.url, anon_key(), AsyncClientOptions(httpx_client=http))
        for table in ("AD_strands", "ad_strands", "ad_deliveries", "ad_consumers", "ad_queue_stats"):
            with pytest.raises(APIError, match="permission denied"):
                await stranger.table(table).select("*").limit(1).execute()
        for function in ("ad_sweep", "ad_counts"):
            with pytest.raises(APIError, match="permission denied"):
                await stranger.rpc(function, {}).execute()
