"""What other sessions and broken wires may do to the board: nothing worse than make it try again."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart
from strandloom.blackboard.board import LeaseLost
from strandloom.blackboard.delivery import Settlement, Subscription
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.blackboard.strand import NOTHING, Said
from strandloom.store.database import Database
from strandloom.store.limits import Limits
from tests.builders import a_note, a_pulse, from_feed
from tests.servers.park import Park
from tests.servers.wire import Moment, wired

READER = Subscription(consumer="raw_data.reader", patterns=("market:*",), order="free")


@pytest.fixture
async def board(database: Database) -> AsyncIterator[SqlBoard]:
    board = postgres_board(database, SystemClock())
    await board.subscribe([READER])
    yield board


async def _post(board: SqlBoard, *numbers: int) -> None:
    for n in numbers:
        await board.post([a_pulse(n)], from_feed(n))


async def test_a_transaction_left_open_delays_nobodys_strands(board: SqlBoard, database: Database) -> None:
    async with database.transaction() as open_elsewhere:
        await open_elsewhere.connection.execute(
            "insert into ad_strands (module, kind, tags)"
            " values ('people.me', 't_pulse', '{market:heartbeat}')"
        )
        await board.subscribe([READER])  # as every start does
        await _post(board, 1, 2)
        claimed = await board.claim(READER.consumer, 10, "me")
        await board.complete([Settlement(delivery=d, said=NOTHING) for d in claimed])

        assert len(claimed) == 2
    (late,) = await board.claim(READER.consumer, 10, "me")
    assert late.strand.module == "people.me"


async def test_a_new_subscription_waits_for_the_open_transaction_and_lets_strands_pass(
    board: SqlBoard, database: Database
) -> None:
    changed = Subscription(consumer=READER.consumer, patterns=("market:*", "dm:*"), order="free")
    async with database.transaction() as open_elsewhere:
        await open_elsewhere.connection.execute(
            "insert into ad_strands (module, kind, tags) values ('people.me', 't_pulse', '{dm:plan}')"
        )
        subscribing = asyncio.create_task(board.subscribe([changed]))
        await _post(board, 1, 2, 3)
        assert len(await board.claim(READER.consumer, 10, "me")) == 3
        assert not subscribing.done()
    await subscribing


async def test_an_old_snapshot_does_not_make_claims_wade_through_what_was_settled(
    board: SqlBoard, database: Database
) -> None:
    async with database.transaction(isolation="repeatable_read") as old:
        await old.connection.fetchval("select count(*) from ad_deliveries")
        for batch in range(20):
            await board.post([a_note(str(n), tags=("market:note",)) for n in range(100)], from_feed(batch))
            claimed = await board.claim(READER.consumer, 100, "me")
            await board.complete([Settlement(delivery=d, said=NOTHING) for d in claimed])
        await _post(board, 99)
        floor = (await board.queues())[0].oldest_seq

        from_the_floor = await _blocks_read(database, floor or 0)
        from_the_bottom = await _blocks_read(database, 0)

    assert from_the_floor * 3 < from_the_bottom


async def _blocks_read(database: Database, floor: int) -> int:
    """Pages that the database looks at to claim one delivery; what it did is taken back."""
    plan = "explain (analyze, buffers, format json) select * from ad_claim($1, 10, 'me', $2)"
    async with database.session() as session:
        for _ in range(2):  # the first plans the function's statements
            transaction = session.connection.transaction()
            await transaction.start()
            answer: Any = await session.connection.fetchval(plan, READER.consumer, floor)
            await transaction.rollback()
    tree = json.loads(answer) if isinstance(answer, str) else answer
    return int(tree[0]["Plan"]["Shared Hit Blocks"] + tree[0]["Plan"]["Shared Read Blocks"])


async def test_workers_of_several_pools_never_hold_the_same_delivery(
    board: SqlBoard, database_url: str
) -> None:
    await board.post([a_note(str(n), tags=("market:note",)) for n in range(400)], from_feed())
    pools = [await Database.open(database_url) for _ in range(2)]
    held: list[tuple[int, int]] = []

    async def work(pool: Database, holder: str) -> None:
        mine = postgres_board(pool, SystemClock())
        while claimed := await mine.claim(READER.consumer, 7, holder):
            held.extend((delivery.seq, delivery.attempts) for delivery in claimed)
            await mine.complete([Settlement(delivery=d, said=NOTHING) for d in claimed])

    await asyncio.gather(*(work(pools[n % 2], f"worker {n}") for n in range(6)))
    for pool in pools:
        await pool.close()

    assert len(held) == len({seq for seq, _ in held}) == 400
    assert {attempts for _, attempts in held} == {1}
    assert (await board.counts())["deliveries"] == 0


@pytest.mark.parametrize("moment", ["before the server hears", "before the client hears"])
async def test_a_connection_cut_in_the_middle_of_complete_neither_loses_nor_doubles(
    park: Park, board: SqlBoard, database_url: str, short_folder: Path, moment: Moment
) -> None:
    await _post(board, 1)
    async with wired(park, database_url, short_folder) as (wire, url):
        pool = await Database.open(url, limits=Limits(connections=1))
        far = postgres_board(pool, SystemClock())
        (delivery,) = await far.claim(READER.consumer, 1, "me")
        wire.cut = moment

        try:
            await far.complete([Settlement(delivery=delivery, said=Said(drafts=(a_note("answer"),)))])
        except LeaseLost:
            assert moment == "before the client hears"  # it was settled, only nobody was told
        assert wire.cuts == 1
        await pool.close()

    assert len(await board.latest("t_note", limit=9)) == 1
    assert (await board.counts())["deliveries"] == 0


@pytest.mark.parametrize("moment", ["before the server hears", "before the client hears"])
async def test_a_wire_cut_while_the_database_is_opened_ends_in_one_sentence_or_in_a_database(
    park: Park, database_url: str, short_folder: Path, moment: Moment
) -> None:
    async with wired(park, database_url, short_folder) as (wire, url):
        for spare in range(16):
            wire.cut, wire.spare = moment, spare
            try:
                opened = await Database.open(url)
            except CannotStart as sentence:
                assert "database" in str(sentence)
            else:
                await opened.close()
