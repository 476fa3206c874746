"""What is known of executions is the same in memory and in PostgreSQL, and nothing counts twice."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Board
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.memory_board import MemoryBoard
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Write
from strandloom.learning import profit  # noqa: F401 - registers its look
from strandloom.learning.executions import NEWEST, SUMS, mark, told
from strandloom.store.database import Database
from tests.network import NOON

LATER = NOON + timedelta(minutes=5)
TRADE = str(UUID(int=1))
KEYS = ("paper|taker|quiet", "paper|taker", "paper")


def begun(cloid: str = "0x01", **changes: Any) -> Write:
    values: dict[str, Any] = {
        "cloid": cloid,
        "intent": str(UUID(int=5)),
        "decision": TRADE,
        "trade": TRADE,
        "plan": None,
        "leg": "entry",
        "venue": "paper",
        "symbol": "BTC",
        "side": "buy",
        "style": "taker",
        "volatility": "quiet",
        "spread": "tight",
        "size": "small",
        "timeframe": "5m",
        "quantity": "0.5",
        "arrival": "100.25",
        "half_spread_bps": 0.5,
        "crossing_bps": 1.5,
        "fee_bps": 4.5,
        "p": 0.5,
        "p_above": 0.5,
        "wanted_at": NOON.isoformat(),
        "wanted_wall": None,
    }
    return Write(name="execution.begin", values=values | changes)


def ended(cloid: str = "0x01", saved: float = 2.0, at: datetime = LATER) -> Write:
    gain = {"orders": 1.0, "measured": 1.0, "wins": 1.0, "saved_bps": saved, "saved_sq": saved**2}
    return Write(
        name="execution.end",
        values={
            "cloid": cloid,
            "state": "filled",
            "filled": "0.5",
            "average_price": "100.3",
            "paid_usd": "0.02",
            "slippage_bps": 5.0,
            "saved_bps": saved,
            "closed_at": at.isoformat(),
            "sums": [{"key": key, **gain} for key in KEYS],
        },
    )


def a_trade(decision: int = 1, at: datetime = LATER, **changes: Any) -> Write:
    values: dict[str, Any] = {
        "decision": str(UUID(int=decision)),
        "plan": None,
        "venue": "paper",
        "symbol": "BTC",
        "side": "buy",
        "idea": "BTC:buy:volume.spike",
        "pattern": "volume.spike:up",
        "lessons": [str(UUID(int=9))],
        "exploration": False,
        "opened_at": NOON.isoformat(),
        "closed_at": at.isoformat(),
        "entered_usd": "1000",
        "realised_usd": "-3.5",
        "fees_usd": "0.9",
        "funding_usd": "0",
        "expected_bps": 40.0,
        "realised_bps": -35.0,
        "expected_s": 3_600.0,
        "held_s": 300.0,
        "ended_by": "stop",
        "sums": [{"key": "paper|taker", "trades": 1.0, "held_share": 0.25}],
    }
    return Write(name="execution.trade", values=values | changes)


async def write(board: Board, *writes: Write) -> None:
    await board.post([], Cause(module="trader.test", at=NOON, key="test"), writes)


async def sums(board: Board) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in await board.look("execution.sums", keys=[*KEYS, "nothing"])}


class ExecutionTables:
    async def test_an_order_begins_is_marked_and_ends_once(self, board: Board) -> None:
        await write(board, begun(), begun(p=0.9))
        await write(
            board, mark("0x01", filled_at=NOON.isoformat()), mark("0x01", filled_at=LATER.isoformat())
        )
        await write(board, ended(), ended(saved=99.0))
        (row,) = await board.look("execution.order", cloid="0x01")
        assert (row["p"], row["saved_bps"], row["state"]) == (0.5, 2.0, "filled")
        assert datetime.fromisoformat(row["filled_at"]) == NOON
        assert datetime.fromisoformat(row["closed_at"]) == LATER
        assert Decimal(str(row["average_price"])) == Decimal("100.3")
        assert await board.look("execution.order", cloid="0x02") == []

    async def test_sums_gain_by_every_order_once_on_every_rung(self, board: Board) -> None:
        await write(board, begun(), begun("0x02"))
        for _ in range(2):
            await write(board, ended(), ended("0x02", saved=-4.0), ended("0x03"))
        found = await sums(board)
        assert set(found) == set(KEYS)
        for row in found.values():
            assert (row["orders"], row["saved_bps"], row["saved_sq"]) == (2.0, -2.0, 20.0)
            assert row["newest"] == ["0x01", "0x02"]
            assert set(SUMS) <= set(row)

    async def test_only_the_newest_orders_are_named(self, board: Board) -> None:
        names = [f"0x{n:02}" for n in range(NEWEST + 3)]
        await write(board, *(begun(name) for name in names), *(ended(name) for name in names))
        assert (await sums(board))["paper"]["newest"] == names[3:]

    async def test_what_was_told_of_a_way_of_sending_is_remembered(self, board: Board) -> None:
        await write(board, told("paper", doubt=str(UUID(int=3))), told("paper", learnt=8))
        row = (await sums(board))["paper"]
        assert (row["doubt"], row["learnt"], row["orders"]) == (str(UUID(int=3)), 8, 0.0)
        await write(board, told("paper", doubt=None), told("paper", learnt=4))
        row = (await sums(board))["paper"]
        assert (row["doubt"], row["learnt"]) == (None, 8)

    async def test_the_orders_of_a_trade_are_found_oldest_first(self, board: Board) -> None:
        await write(board, begun("0x02", wanted_at=LATER.isoformat()), begun("0x01"))
        await write(board, begun("0x03", trade=str(UUID(int=2))))
        assert [row["cloid"] for row in await board.look("execution.of", trade=TRADE)] == ["0x01", "0x02"]

    async def test_what_ended_in_a_span_is_found_with_its_beginning_and_without_its_end(
        self, board: Board
    ) -> None:
        late = NOON + timedelta(hours=3)
        await write(board, begun(), begun("0x02"), ended(), ended("0x02", at=late))
        await write(board, a_trade(), a_trade(), a_trade(2, at=late))
        span = {"since": LATER.isoformat(), "until": late.isoformat()}
        assert [row["cloid"] for row in await board.look("execution.closed", **span)] == ["0x01"]
        (row,) = await board.look("execution.trades", **span)
        assert (row["decision"], row["lessons"], row["held_s"]) == (TRADE, [str(UUID(int=9))], 300.0)
        later = {"since": late.isoformat(), "until": (late + timedelta(hours=1)).isoformat()}
        assert len(await board.look("execution.trades", **later)) == 1

    async def test_a_trade_counts_once_for_how_long_it_was_held(self, board: Board) -> None:
        await write(board, a_trade(), a_trade())
        row = (await sums(board))["paper|taker"]
        assert (row["trades"], row["held_share"], row["newest"]) == (1.0, 0.25, [])

    @pytest.mark.parametrize(
        ("by", "names"),
        [
            ("day", ["2025-05-21", "2025-05-20"]),
            ("symbol", ["ETH", "BTC"]),
            ("venue", ["paper"]),
            ("pattern", ["none", "volume.spike:up"]),
            ("plan", [str(UUID(int=7)), "none"]),
            ("lesson", [str(UUID(int=8)), str(UUID(int=9))]),
        ],
    )
    async def test_profit_and_loss_is_added_up_by(self, board: Board, by: str, names: list[str]) -> None:
        next_day = NOON + timedelta(days=1)
        more = {"symbol": "ETH", "pattern": None, "plan": str(UUID(int=7)), "lessons": [str(UUID(int=8))]}
        other = a_trade(3, next_day, realised_usd="8.25", expected_bps=None, **more)
        await write(board, a_trade(), a_trade(2), other)
        rows = await board.look("execution.pnl", by=by)
        assert [row["name"] for row in rows] == names
        assert sum(row["trades"] for row in rows) == 3
        assert sum(Decimal(str(row["pnl_usd"])) for row in rows) == Decimal("1.25")
        assert sum(row["won"] for row in rows) == 1
        recent = await board.look("execution.pnl", by=by, since=next_day.isoformat())
        assert [(row["trades"], row["expected_bps"], row["realised_bps"]) for row in recent] == [
            (1, None, -35.0)
        ]
        assert {row["idea"] for row in recent} == ({"BTC:buy:volume.spike"} if by == "plan" else {None})

    async def test_venues_are_the_coarsest_sums(self, board: Board) -> None:
        await write(board, begun(), ended())
        assert [row["key"] for row in await board.look("execution.venues")] == ["paper"]


class TestInMemory(ExecutionTables):
    @pytest.fixture
    def board(self) -> Board:
        return MemoryBoard(Memory(SystemClock().wall))


class TestInPostgres(ExecutionTables):
    @pytest.fixture
    def board(self, database: Database) -> Board:
        return postgres_board(database, SystemClock())
