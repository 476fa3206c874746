"""Hours are kept once and found again by their beginning, in memory and in PostgreSQL."""

from datetime import timedelta

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Board
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.memory_board import MemoryBoard
from strandloom.blackboard.postgres import postgres_board
from strandloom.store.database import Database
from strandloom.teams.trader import hours
from strandloom.teams.trader.hours import Counts, Signal, Trouble
from tests.network import NOON

BUSY = Counts(
    plans=3,
    approved=1,
    refused=2,
    blocks={"spread": 2},
    signals={"volume.spike:up": Signal(count=2, r_bps=-3.0)},
    troubles={"gap": Trouble(bars=4, symbols=("BTC",))},
)
QUIET = Counts(blocks={"spread": 1}, troubles={"gap": Trouble(bars=1, symbols=("ETH",))}, truncated=True)


class Hours:
    async def test_a_day_adds_up_the_hours_that_were_kept_once(self, board: Board) -> None:
        cause = Cause(module="trader.test", at=NOON, key="test")
        at = [NOON + timedelta(hours=n) for n in range(3)]
        for _ in range(2):
            writes = [hours.keep(BUSY, at[0]), hours.keep(QUIET, at[1]), hours.keep(BUSY, at[2])]
            await board.post([], cause, writes)
        rows = await board.look("report.hours", since=at[0].isoformat(), until=at[2].isoformat())
        assert hours.added(rows) == Counts(
            plans=3,
            approved=1,
            refused=2,
            blocks={"spread": 3},
            signals=BUSY.signals,
            troubles={"gap": Trouble(bars=5, symbols=("BTC", "ETH"))},
            truncated=True,
        )


class TestInMemory(Hours):
    @pytest.fixture
    def board(self) -> Board:
        return MemoryBoard(Memory(SystemClock().wall))


class TestInPostgres(Hours):
    @pytest.fixture
    def board(self, database: Database) -> Board:
        return postgres_board(database, SystemClock())
