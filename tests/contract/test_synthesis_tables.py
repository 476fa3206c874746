"""The quarters of the synthesis are kept alike in memory and in PostgreSQL."""

from datetime import UTC, datetime

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Board
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.memory_board import MemoryBoard
from strandloom.blackboard.postgres import postgres_board
from strandloom.learning.synthesis.quarters import DAYS, SLOTS, Quarter, put, restored
from strandloom.store.database import Database

AT = datetime(2025, 5, 20, 12, tzinfo=UTC)


async def keep(board: Board, *quarters: Quarter) -> None:
    writes = [put(quarter) for quarter in quarters]
    await board.post([], Cause(module="cil.synthesis", at=AT, key="test"), writes)


class SynthesisTables:
    async def test_what_is_kept_comes_back_as_it_was(self, board: Board) -> None:
        one = Quarter(number=7, began={"volume.spike:up": ("BTC", "ETH")}, tried=("a & b",))
        two = Quarter(number=8, told=("blind SOL",), looked=True)
        await keep(board, two, one, one)
        assert (await restored(board)).since(0) == [two, one]

    async def test_told_again_it_replaces_what_was_told(self, board: Board) -> None:
        await keep(board, Quarter(number=7))
        again = Quarter(number=7, began={"trend": ("BTC",)})
        await keep(board, again)
        assert (await restored(board)).since(0) == [again]

    async def test_quarters_of_more_than_fifteen_days_ago_leave(self, board: Board) -> None:
        newest = 1_000 + (DAYS + 1) * SLOTS
        await keep(board, Quarter(number=999), Quarter(number=1_000), Quarter(number=1_001))
        await keep(board, Quarter(number=newest))
        rows = await board.look("synthesis.quarters")
        assert [row["number"] for row in rows] == [1_001, newest]


class TestInMemory(SynthesisTables):
    @pytest.fixture
    def board(self) -> Board:
        return MemoryBoard(Memory(SystemClock().wall))


class TestInPostgres(SynthesisTables):
    @pytest.fixture
    def board(self, database: Database) -> Board:
        return postgres_board(database, SystemClock())
