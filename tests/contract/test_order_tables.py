"""The Trader's books answer the same in memory and in PostgreSQL, and close a trade once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Board, ConditionFailed
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.memory_board import MemoryBoard
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Write
from strandloom.kinds.order import OrderIntent
from strandloom.store.database import Database
from strandloom.teams.trader import tables
from strandloom.venues.port import Report
from tests.network import NOON

D = Decimal
DECISION, PLAN, CLOSING = UUID(int=1), UUID(int=2), UUID(int=3)


def an_intent(**changes: Any) -> OrderIntent:
    base: dict[str, Any] = {
        "decision": DECISION,
        "leg": "entry",
        "cloid": "0x01",
        "venue": "paper",
        "symbol": "BTC",
        "side": "buy",
        "quantity": D("0.5"),
        "price": D("100.1"),
        "time_in_force": "ioc",
        "reduce_only": False,
        "expires_at": NOON,
        "style": "taker",
    }
    return OrderIntent(**(base | changes))


async def write(board: Board, *writes: Write) -> bool:
    try:
        await board.post([], Cause(module="trader.test", at=NOON, key="test"), writes)
    except ConditionFailed:
        return False
    return True


async def live(board: Board) -> list[tuple[str, str, Decimal]]:
    rows = await board.look("order.live")
    return [(row["cloid"], row["state"], D(str(row["filled"]))) for row in rows]


def filled(quantity: str = "0.5") -> Report:
    return Report(state="filled", filled=D(quantity), average_price=D("100.05"), fee_usd=D("0.02"))


class OrderTables:
    async def test_an_order_moves_on_until_it_has_ended(self, board: Board) -> None:
        await write(board, tables.put_order(an_intent(), PLAN, "intended", None, NOON))
        assert await live(board) == [("0x01", "intended", D(0))]
        resting = Report(state="acknowledged")
        await write(board, tables.put_order(an_intent(), PLAN, "acknowledged", resting, NOON))
        (row,) = await board.look("order.live")
        await write(board, tables.moved(row, filled("0.2"), NOON))
        assert await live(board) == []

    async def test_orders_of_an_open_trade_stay_in_sight_with_the_closing_ones_of_its_plan(
        self, board: Board
    ) -> None:
        await write(board, tables.open_trade(DECISION, PLAN, "BTC", NOON))
        await write(board, tables.put_order(an_intent(), PLAN, "filled", filled(), NOON))
        closing = an_intent(decision=CLOSING, leg="close", cloid="0x02", side="sell")
        await write(board, tables.put_order(closing, PLAN, "filled", filled(), NOON + timedelta(minutes=1)))
        assert await live(board) == [("0x01", "filled", D("0.5")), ("0x02", "filled", D("0.5"))]
        assert len(await board.look("order.of", decision=str(DECISION))) == 1
        await write(board, tables.close_trade(DECISION, D("-0.04"), NOON))
        assert await live(board) == []
        assert len(await board.look("order.of", decision=str(DECISION))) == 1

    async def test_a_trade_is_closed_once(self, board: Board) -> None:
        opening = tables.open_trade(DECISION, PLAN, "BTC", NOON)
        await write(board, opening, opening)
        assert len(await board.look("trade.open")) == 1
        assert await write(board, tables.close_trade(DECISION, D("1.5"), NOON))
        assert not await write(board, tables.close_trade(DECISION, D("9.9"), NOON))
        await write(board, opening)
        assert await board.look("trade.open") == []
        (closed,) = await board.look("trade.closed")
        assert D(str(closed["realised_usd"])) == D("1.5")

    async def test_waits_come_and_go(self, board: Board) -> None:
        values = {"decision": str(DECISION), "plan": str(PLAN), "symbol": "BTC"}
        times = {"since": NOON.isoformat(), "expires_at": NOON.isoformat()}
        for _ in range(2):
            await write(board, Write(name="wait.open", values={**values, **times}))
        (row,) = await board.look("wait.open")
        assert (row["decision"], row["plan"]) == (str(DECISION), str(PLAN))
        await write(board, tables.end_wait(DECISION))
        assert await board.look("wait.open") == []


class TestInMemory(OrderTables):
    @pytest.fixture
    def board(self) -> Board:
        return MemoryBoard(Memory(SystemClock().wall))


class TestInPostgres(OrderTables):
    @pytest.fixture
    def board(self, database: Database) -> Board:
        return postgres_board(database, SystemClock())
