"""The Trader's open questions answer the same in memory and in PostgreSQL: asked once, ended once."""

from datetime import timedelta
from uuid import UUID

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Board
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.memory_board import MemoryBoard
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Write
from strandloom.store.database import Database
from strandloom.teams.trader import doubt_tables, open_doubts
from tests.network import NOON

FIRST, SECOND = UUID(int=1), UUID(int=2)


def asked(subject: str = "an idea", days: int = 0) -> Write:
    at = NOON + timedelta(days=days)
    body = open_doubts.outside_interval(subject, "BTC", "it came to 9 %", "the next one", at)
    return doubt_tables.opened(body, FIRST if not days else SECOND)


async def write(board: Board, *writes: Write) -> None:
    await board.post([], Cause(module="trader.test", at=NOON, key="test"), writes)


class DoubtTables:
    async def test_a_question_keeps_the_strand_that_raised_it_first(self, board: Board) -> None:
        await write(board, asked(), asked(days=1))
        (row,) = await board.look("doubt.one", doubt="outside_interval", subject="an idea")
        assert (row["raised"], row["symbol"]) == (str(FIRST), "BTC")
        assert await board.look("doubt.one", doubt="outside_interval", subject="another") == []

    async def test_what_has_ended_may_be_asked_again(self, board: Board) -> None:
        for _ in range(2):
            await write(board, asked())
            await write(board, doubt_tables.ended("outside_interval", "an idea"))
            assert await board.look("doubt.one", doubt="outside_interval", subject="an idea") == []
        await write(board, asked(days=1))
        (row,) = await board.look("doubt.one", doubt="outside_interval", subject="an idea")
        assert row["raised"] == str(SECOND)

    async def test_those_that_have_run_out_are_found_in_the_order_of_their_names(self, board: Board) -> None:
        await write(board, asked("b"), asked("a"), asked("c", days=1))
        over = NOON + open_doubts.LASTS
        assert await board.look("doubt.over", at=(over - timedelta(seconds=1)).isoformat()) == []
        found = await board.look("doubt.over", at=over.isoformat())
        assert [row["subject"] for row in found] == ["a", "b"]


class TestInMemory(DoubtTables):
    @pytest.fixture
    def board(self) -> Board:
        return MemoryBoard(Memory(SystemClock().wall))


class TestInPostgres(DoubtTables):
    @pytest.fixture
    def board(self, database: Database) -> Board:
        return postgres_board(database, SystemClock())
