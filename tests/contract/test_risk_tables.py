"""The tables of risk answer the same in memory and in PostgreSQL, and of two claims for the last one wins."""

import asyncio
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
from strandloom.risk.limits import load
from strandloom.risk.standing import Mark, advance, begin, closed
from strandloom.store.database import Database
from strandloom.teams.decision_maker import tables
from tests.network import NOON
from tests.unit.risk.situations import an_ask

D = Decimal


def a_claim(n: int, *, idea: str = "", risk: int = 100, budget: int = 250, **changes: Any) -> Write:
    ask = an_ask(
        plan=str(UUID(int=n)),
        symbol=changes.pop("symbol", f"S{n}"),
        idea=idea or f"idea {n}",
        quantity=D(50),
        stop=D(100) - D(risk) / 50,
        **changes,
    )
    decision = UUID(int=1_000 + n)
    return tables.claim(ask, decision, NOON, NOON + timedelta(hours=1), D(budget), D(150))


async def write(board: Board, *writes: Write) -> bool:
    try:
        await board.post([], Cause(module="decision_maker.gate", at=NOON, key="test"), writes)
    except ConditionFailed:
        return False
    return True


async def live(board: Board) -> list[tuple[int, str, Decimal]]:
    rows = await board.look("budget.live")
    return [(UUID(row["plan"]).int, row["state"], D(str(row["risk_usd"]))) for row in rows]


class RiskTables:
    async def test_claims_stop_at_the_budget(self, board: Board) -> None:
        assert [await write(board, a_claim(n)) for n in (1, 2, 3)] == [True, True, False]
        assert await live(board) == [(1, "claimed", D(100)), (2, "claimed", D(100))]

    async def test_probes_have_a_budget_of_their_own(self, board: Board) -> None:
        assert await write(board, a_claim(1, exploration=True))
        assert not await write(board, a_claim(2, exploration=True))
        assert await write(board, a_claim(3))

    async def test_claiming_twice_claims_once(self, board: Board) -> None:
        assert [await write(board, a_claim(1)) for _ in range(3)] == [True, True, True]
        assert len(await live(board)) == 1

    async def test_one_idea_is_claimed_once_unless_it_is_replaced(self, board: Board) -> None:
        await write(board, a_claim(1, idea="same"))
        assert not await write(board, a_claim(2, idea="same"))
        assert not await write(board, a_claim(2, symbol="S1"))
        replacing = a_claim(3, idea="same", replaces=str(UUID(int=1)))
        assert await write(board, tables.release(UUID(int=1), NOON), replacing)
        assert [plan for plan, _, _ in await live(board)] == [3]

    async def test_use_and_release(self, board: Board) -> None:
        await write(board, a_claim(1))
        await write(board, tables.use(UUID(int=1), D(-300), D("12.5")))
        assert await live(board) == [(1, "used", D("12.5"))]
        await write(board, tables.release(UUID(int=1), NOON))
        assert await live(board) == []
        await write(board, tables.use(UUID(int=1), D(-300), D("12.5")))
        assert await live(board) == [(1, "used", D("12.5"))]

    async def test_approvals_of_the_last_hour_can_be_counted(self, board: Board) -> None:
        await write(board, a_claim(1), tables.release(UUID(int=1), NOON))
        rows = await board.look("budget.recent", since=(NOON - timedelta(hours=1)).isoformat())
        assert [row["exploration"] for row in rows] == [False]
        assert await board.look("budget.recent", since=NOON.isoformat()) == []

    async def test_a_standing_survives_and_only_the_version_that_was_read_is_replaced(
        self, board: Board
    ) -> None:
        mark = Mark(at=NOON, equity_usd=D("1000.12"), flows_usd=D(1000), open_usd={"BTC": D("-0.5")})
        standing = closed(advance(begin(mark), mark, load()), "BTC", D("-3.25"), NOON, "trade")
        assert await write(board, tables.put_standing(standing, 0))
        assert not await write(board, tables.put_standing(standing, 0))
        rows = await board.look("risk.state", account=tables.ACCOUNT)
        assert tables.standing_of(rows) == (standing, 1)

    async def test_halts_come_and_go(self, board: Board) -> None:
        for symbol in ("BTC", None):
            await write(board, tables.set_halt("kill_switch", symbol, "news", "person", NOON, UUID(int=1)))
        assert {row["symbol"] for row in await board.look("halt.all")} == {"", "BTC"}
        await write(board, tables.clear_halt("kill_switch", None))
        assert [row["symbol"] for row in await board.look("halt.all")] == ["BTC"]

    async def test_a_situation_is_what_its_parts_say_asked_one_by_one(self, board: Board) -> None:
        asked = {"account": tables.ACCOUNT, "since": (NOON - timedelta(hours=1)).isoformat()}
        assert await board.look("risk.situation", **asked) == [
            {"state": None, "live": [], "recent": [], "halts": []}
        ]
        mark = Mark(at=NOON, equity_usd=D("1000.12"), flows_usd=D(1000), open_usd={})
        standing = tables.put_standing(begin(mark), 0)
        halts = (
            tables.set_halt("kill_switch", s, "news", "person", NOON, UUID(int=1)) for s in ("BTC", None)
        )
        assert await write(board, a_claim(2, symbol="ETH"), a_claim(1), standing, *halts)
        (told,) = await board.look("risk.situation", **asked)
        assert [told["state"]] == await board.look("risk.state", account=tables.ACCOUNT)
        assert told["live"] == await board.look("budget.live") and len(told["live"]) == 2
        assert told["recent"] == await board.look("budget.recent", since=asked["since"])
        assert told["halts"] == await board.look("halt.all") and len(told["halts"]) == 2


class TestInMemory(RiskTables):
    @pytest.fixture
    def board(self) -> Board:
        return MemoryBoard(Memory(SystemClock().wall))


class TestInPostgres(RiskTables):
    @pytest.fixture
    def board(self, database: Database) -> Board:
        return postgres_board(database, SystemClock())


async def test_of_many_at_once_exactly_as_many_win_as_the_budget_has_room_for(database: Database) -> None:
    other = await Database.open(database.url)
    boards = [postgres_board(database, SystemClock()), postgres_board(other, SystemClock())]
    won = await asyncio.gather(*(write(boards[n % 2], a_claim(n, budget=550)) for n in range(1, 21)))
    await other.close()
    assert sum(won) == 5
    assert sum(risk for _, _, risk in await live(boards[0])) == 500
