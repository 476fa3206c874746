"""The tables of braids answer the same in memory and in PostgreSQL, with pgvector and without."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Board, ConditionFailed
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.memory_board import MemoryBoard
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Write
from strandloom.learning.braids import numbers, tables
from strandloom.learning.braids.yarn import Yarn, spun
from strandloom.learning.embedding import HashingEmbedder
from strandloom.store.database import Database
from tests.unit.learning.braids.test_numbers import a_yarn

AT = datetime(2025, 5, 20, 12, tzinfo=UTC)
LATER = (AT + timedelta(hours=1)).isoformat()


async def write(board: Board, *writes: Write) -> None:
    await board.post([], Cause(module="cil.weaver", at=AT, key="test"), writes)


async def offered(
    board: Board, *yarns: Yarn, clusters: tuple[str, ...] = ("symbol:BTC",), level: int = 0
) -> None:
    await write(board, *(tables.offer(yarn, clusters, level, AT) for yarn in yarns))


def consumed(braid: int, yarns: list[Yarn], cluster: str = "symbol:BTC", level: int = 1) -> Write:
    body = numbers.braid(cluster, level, yarns, spun(UUID(int=braid), yarns), 0.0)
    return tables.consume(UUID(int=braid), body, [yarn.strand for yarn in yarns], AT)


async def ripe(board: Board, before: str = LATER) -> list[tuple[str, int, list[int]]]:
    rows = await board.look("braid.ripe", before=before)
    return [(r["cluster"], r["level"], [UUID(m["strand"]).int for m in r["members"]]) for r in rows]


class BraidTables:
    async def test_three_waiting_members_are_ripe_in_order_and_come_back_as_they_were(
        self, board: Board
    ) -> None:
        yarns = [a_yarn(n, 1.5 * n) for n in (3, 1, 2, 4)]
        await offered(board, *yarns, clusters=("symbol:BTC", "method:code"))
        await offered(board, *yarns[:2], clusters=("timeframe:5m",))
        assert await ripe(board) == [("method:code", 0, [1, 2, 3, 4]), ("symbol:BTC", 0, [1, 2, 3, 4])]
        assert await ripe(board, AT.isoformat()) == []  # what comes at that very moment waits
        (row, _) = await board.look("braid.ripe", before=LATER)
        back = [tables.yarn_of(member) for member in row["members"]]
        assert [yarn.content() for yarn in back] == [a_yarn(n, 1.5 * n).content() for n in (1, 2, 3, 4)]

    async def test_consumption_is_per_cluster_and_commits_with_its_braid(self, board: Board) -> None:
        yarns = [a_yarn(n, 1.0) for n in (1, 2, 3)]
        await offered(board, *yarns, clusters=("symbol:BTC", "method:code"))
        await write(board, consumed(50, yarns))
        assert await ripe(board) == [("method:code", 0, [1, 2, 3])]
        (row,) = await board.look("braid.list")
        assert (row["braid"], row["cluster"], row["level"], row["members"], row["n"]) == (
            str(UUID(int=50)),
            "symbol:BTC",
            1,
            3,
            3,
        )

    async def test_the_same_consumption_again_changes_nothing_and_another_is_refused(
        self, board: Board
    ) -> None:
        yarns = [a_yarn(n, 1.0) for n in (1, 2, 3, 4)]
        await offered(board, *yarns)
        await write(board, consumed(50, yarns[:3]))
        await write(board, consumed(50, yarns[:3]))
        with pytest.raises(ConditionFailed):
            await write(board, consumed(51, yarns[1:]))
        await offered(board, *yarns)  # nobody is offered twice
        assert await ripe(board) == []
        assert len(await board.look("braid.list")) == 1

    async def test_lists_are_newest_first_by_cluster_and_level(self, board: Board) -> None:
        for number, (cluster, level) in enumerate([("symbol:BTC", 1), ("symbol:ETH", 1), ("symbol:BTC", 2)]):
            yarns = [a_yarn(10 * number + n, 1.0) for n in (1, 2, 3)]
            await offered(board, *yarns, clusters=(cluster,), level=level - 1)
            await write(board, consumed(50 + number, yarns, cluster, level))

        async def listed(**asked: Any) -> list[int]:
            return [UUID(row["braid"]).int for row in await board.look("braid.list", **asked)]

        assert await listed() == [50, 51, 52]
        assert await listed(cluster="symbol:B") == [50, 52]
        assert await listed(level=1, limit=1) == [50]

    async def test_signatures_are_kept_for_a_day_and_read_by_their_minutes(self, board: Board) -> None:
        for minute in (2, 0, 1):
            told = {"BTC": f"now {minute}", "ETH": "other"}
            await write(board, tables.signatures(AT + timedelta(minutes=minute), told))
        since = int(AT.timestamp())
        asked = {"symbol": "BTC", "since_s": since, "until_s": since + 60}
        rows = await board.look("braid.signatures", **asked)
        assert [row["signature"] for row in rows] == ["now 0", "now 1"]
        await write(board, tables.signatures(AT + timedelta(hours=27), {"BTC": "much later"}))
        assert await board.look("braid.signatures", **asked) == []

    async def test_what_is_alike_is_found_nearest_first(self, board: Board) -> None:
        words = ({"a": 1, "b": 1}, {"a": 1, "b": 2}, {"a": 1, "c": 1}, {"d": 3})
        for number, said in enumerate(words, 1):
            vector = HashingEmbedder().vector(said)
            await write(board, *[tables.place(UUID(int=number), 1, vector)] * 2)
        near = await board.look("embedding.similar", strand=str(UUID(int=1)), limit=2)
        assert [UUID(row["strand"]).int for row in near] == [2, 3]
        expected = float(HashingEmbedder().vector(words[0]) @ HashingEmbedder().vector(words[1]))
        assert near[0]["cosine"] == pytest.approx(expected, abs=1e-5)
        assert await board.look("embedding.similar", strand=str(UUID(int=9))) == []


class TestInMemory(BraidTables):
    @pytest.fixture
    def board(self) -> Board:
        return MemoryBoard(Memory(SystemClock().wall))


class TestInPostgres(BraidTables):
    @pytest.fixture
    def board(self, database: Database) -> Board:
        return postgres_board(database, SystemClock())


class TestInPostgresWithoutVectors(BraidTables):
    @pytest.fixture
    async def board(self, database: Database) -> Board:
        connection = await asyncpg.connect(database.url)
        await connection.execute("drop table if exists public.strand_vectors")
        await connection.close()
        return postgres_board(database, SystemClock())
