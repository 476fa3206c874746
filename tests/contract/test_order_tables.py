"""The Trader's books answer the same in memory and in PostgreSQL, and close a trade once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
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
from strandloom.kinds.order import OrderIntent
from strandloom.ledger import drift
from strandloom.store.database import Database
from strandloom.teams.trader import life, tables, wait_tables
from strandloom.teams.trader.order import Order, from_row, intended
from strandloom.venues.port import Report
from tests.contract.test_ledger_tables import a_reconciliation
from tests.network import NOON
from tests.unit.teams.trader.decisions import a_decision

D = Decimal
DECISION, PLAN, CLOSING = UUID(int=1), UUID(int=2), UUID(int=3)


def an_order(**changes: Any) -> Order:
    base: dict[str, Any] = {
        "decision": DECISION,
        "plan": PLAN,
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
        "stop": D("98.00"),
        "goes_with": "0x02",
    }
    return intended(OrderIntent(**(base | changes)), NOON)


async def write(board: Board, *writes: Write) -> bool:
    try:
        await board.post([], Cause(module="trader.test", at=NOON, key="test"), writes)
    except ConditionFailed:
        return False
    return True


async def live(board: Board) -> list[tuple[str, str, Decimal]]:
    rows = await board.look("order.live")
    return [(row["cloid"], row["state"], D(row["filled"])) for row in rows]


def sent(order: Order, report: Report) -> Order:
    return order.moved("sent", NOON).heard(report, NOON)


def filled(quantity: str = "0.5") -> Report:
    return Report(state="filled", filled=D(quantity), average_price=D("100.05"), fee_usd=D("0.02"), oid=7)


class OrderTables:
    async def test_an_order_moves_on_until_it_has_ended(self, board: Board) -> None:
        begun = an_order()
        await write(board, tables.begin(begun))
        assert await live(board) == [("0x01", "intended", D(0))]
        resting = sent(begun, Report(state="acknowledged"))
        await write(board, tables.advance(begun, resting))
        (row,) = await board.look("order.live")
        assert from_row(row) == resting
        ended = resting.heard(filled("0.2"), NOON)
        await write(board, tables.advance(resting, ended))
        assert await live(board) == []
        assert [from_row(row) for row in await board.look("order.one", cloid="0x01")] == [ended]
        assert [from_row(row) for row in await board.look("order.newest", limit=5)] == [ended]

    async def test_a_move_that_comes_second_is_refused_and_the_same_move_again_is_not(
        self, board: Board
    ) -> None:
        begun = an_order()
        assert await write(board, tables.begin(begun))
        first = sent(begun, Report(state="acknowledged"))
        assert await write(board, tables.advance(begun, first))
        assert await write(board, tables.advance(begun, first))
        assert not await write(board, tables.advance(begun, sent(begun, filled())))
        assert not await write(board, tables.begin(replace(begun, quantity=D(9))))
        assert await live(board) == [("0x01", "acknowledged", D(0))]

    async def test_what_cannot_follow_is_refused_with_the_story_that_led_there(self, board: Board) -> None:
        ended = sent(an_order(), Report(state="rejected", why="too small"))
        await write(board, tables.begin(an_order()), tables.advance(an_order(), ended))
        risen = replace(ended, state="acknowledged", version=ended.version + 1)
        with pytest.raises(
            Exception, match=r"rejected to acknowledged: intended .*, then rejected .*too small"
        ):
            await write(board, tables.advance(ended, risen))

    async def test_orders_of_an_open_trade_stay_in_sight_with_its_closing_ones(self, board: Board) -> None:
        entry, ended = an_order(), sent(an_order(), filled())
        await write(board, tables.begin(entry), tables.open_trade(ended, NOON), tables.advance(entry, ended))
        closing = an_order(decision=CLOSING, trade=DECISION, leg="close", cloid="0x02", side="sell")
        after = sent(closing, filled())
        after = replace(after, at=NOON + timedelta(minutes=1))
        await write(board, tables.begin(closing), tables.advance(closing, after))
        assert await live(board) == [("0x01", "filled", D("0.5")), ("0x02", "filled", D("0.5"))]
        assert len(await board.look("order.of", trade=str(DECISION))) == 2
        (trade,) = await board.look("trade.open")
        assert (trade["side"], trade["stop"], trade["worst"]) == ("buy", "98.00", None)
        await write(board, tables.mark_trade(DECISION, D(97), D("101.5")))
        assert [row["best"] for row in await board.look("trade.open")] == ["101.5"]
        await write(board, tables.close_trade(DECISION, D("-0.04"), NOON, "close"))
        assert await live(board) == []
        assert len(await board.look("order.of", trade=str(DECISION))) == 2

    async def test_a_trade_is_closed_once(self, board: Board) -> None:
        opening = tables.open_trade(an_order(), NOON)
        await write(board, opening, opening)
        assert len(await board.look("trade.open")) == 1
        assert await write(board, tables.close_trade(DECISION, D("1.5"), NOON))
        assert not await write(board, tables.close_trade(DECISION, D("9.9"), NOON))
        await write(board, opening)
        assert await board.look("trade.open") == []
        (closed,) = await board.look("trade.closed")
        assert closed["realised_usd"] == "1.5"

    async def test_waits_come_and_are_taken_once(self, board: Board) -> None:
        wait = wait_tables.begin(DECISION, a_decision(plan=PLAN), NOON)
        await write(board, wait, wait)
        (row,) = await board.look("wait.open")
        assert (row["decision"], row["plan"], row["part"]) == (str(DECISION), str(PLAN), 0)
        assert await write(board, wait_tables.take(row))
        assert not await write(board, wait_tables.take(row))
        await write(board, wait)
        await write(board, wait_tables.end(DECISION), wait_tables.end(DECISION))
        assert await board.look("wait.open") == []

    async def test_how_far_fills_were_read_is_remembered(self, board: Board) -> None:
        await write(board, tables.read_to("paper", NOON, ["BTC:1:2"]))
        await write(board, tables.read_to("paper", NOON + timedelta(minutes=1), ["BTC:3:4"]))
        (row,) = await board.look("fills.read", venue="paper")
        assert (row["at"], row["keys"]) == ((NOON + timedelta(minutes=1)).isoformat(), ["BTC:3:4"])

    async def test_the_books_are_told_as_of_one_moment(self, board: Board) -> None:
        nothing: dict[str, Any] = {"orders": [], "trades": [], "read": [], "unexplained": []}
        assert await board.look("trader.books") == [nothing]
        entry, ended = an_order(), sent(an_order(), filled())
        await write(board, tables.begin(entry), tables.open_trade(ended, NOON), tables.advance(entry, ended))
        later = an_order(cloid="0x03", decision=CLOSING, trade=CLOSING)
        await write(board, tables.begin(replace(later, at=NOON + timedelta(minutes=1))))
        for venue in ("paper", "hyperliquid"):
            await write(board, tables.read_to(venue, NOON, [f"BTC:1:{venue}"]))
        found = a_reconciliation(unexplained=("BTC",))
        await write(board, drift.reconciled(found, UUID(int=9), NOON))
        (books,) = await board.look("trader.books")
        assert books["orders"] == await board.look("order.live")
        assert [row["cloid"] for row in books["orders"]] == ["0x01", "0x03"]
        assert books["trades"] == await board.look("trade.open") != []
        assert books["read"] == [
            *await board.look("fills.read", venue="hyperliquid"),
            *await board.look("fills.read", venue="paper"),
        ]
        assert [(row["venue"], row["symbol"]) for row in books["unexplained"]] == [("paper", "BTC")]


class TestInMemory(OrderTables):
    @pytest.fixture
    def board(self) -> Board:
        return MemoryBoard(Memory(SystemClock().wall))


class TestInPostgres(OrderTables):
    @pytest.fixture
    def board(self, database: Database) -> Board:
        return postgres_board(database, SystemClock())

    async def test_the_database_knows_the_same_life_of_an_order(self, database: Database) -> None:
        states = [state for state in life.FOLLOWS if state]
        asked = [(before, after) for before in life.FOLLOWS for after in states]
        connection = await asyncpg.connect(database.url)
        try:
            question = await connection.prepare("select public.trader_may_follow($1, $2)")
            found = {pair: await question.fetchval(*pair) for pair in asked}
        finally:
            await connection.close()
        assert found == {(before, after): after in life.FOLLOWS[before] for before, after in asked}
