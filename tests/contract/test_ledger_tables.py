"""The books answer the same in memory and in PostgreSQL, and count everything once."""

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
from strandloom.kinds.reconciliation import Reconciliation
from strandloom.ledger import drift, journal
from strandloom.ledger.books import Stock
from strandloom.ledger.tables import booked
from strandloom.store.database import Database
from tests.fills import a_fill, a_funding
from tests.network import NOON

D = Decimal
LATER = NOON + timedelta(minutes=90)


async def write(board: Board, *writes: Write) -> None:
    await board.post([], Cause(module="trader.test", at=NOON, key="test"), writes)


async def balances(board: Board) -> dict[str, tuple[Decimal, Decimal]]:
    rows = await board.look("ledger.balances", venue="paper")
    return {row["account"]: (D(str(row["usd"])), D(str(row["quantity"]))) for row in rows}


def a_sale() -> Write:
    """The bought position sold again, ten dollars above."""
    pnl = D(100)
    return journal.of_fill(
        a_fill(tid=2, side="sell", price=D(110), fee_usd=D("0.5"), closed_pnl_usd=pnl, at=LATER)
    )


def an_opening(at: datetime) -> Write:
    held = {"BTC": Stock(quantity=D(2), cost_usd=D(100))}
    return booked(journal.opening("paper", at, D(900), D(1_000), held), "reconciliation")


class Books:
    async def test_a_deposit_a_purchase_and_funding_move_the_accounts(self, board: Board) -> None:
        await write(board, journal.of_flow("paper", D(5_000), NOON, 1))
        await write(board, journal.of_fill(a_fill()), journal.of_funding(a_funding()))
        assert await balances(board) == {
            "capital": (D(-5_000), D(0)),
            "cash": (D("3999.43"), D(0)),
            "fees:BTC": (D("0.45"), D(0)),
            "funding:BTC": (D("0.12"), D(0)),
            "position:BTC": (D(1_000), D(10)),
        }

    async def test_selling_realises_the_difference_and_leaves_nothing_held(self, board: Board) -> None:
        await write(board, journal.of_fill(a_fill()), a_sale())
        now = await balances(board)
        assert now["position:BTC"] == (D(0), D(0))
        assert now["realised:BTC"] == (D(-100), D(0))
        assert now["cash"] == (D("99.05"), D(0))
        assert sum(usd for usd, _ in now.values()) == 0

    async def test_whoever_books_again_changes_nothing(self, board: Board) -> None:
        await write(board, journal.of_fill(a_fill()))
        before = await balances(board)
        await write(board, journal.of_fill(a_fill(), "reconciliation"), journal.of_fill(a_fill()))
        assert await balances(board) == before

    async def test_a_fill_is_another_one_by_its_number_symbol_time_or_venue(self, board: Board) -> None:
        others = [a_fill(tid=2), a_fill(symbol="ETH"), a_fill(at=LATER), a_fill(venue="elsewhere")]
        await write(board, *(journal.of_fill(fill) for fill in (a_fill(), *others)))
        now = await balances(board)
        assert (now["position:BTC"][1], now["position:ETH"][1]) == (D(30), D(10))
        assert len(await board.look("ledger.balances")) == len(now) + 3

    async def test_what_was_booked_since_a_moment_is_listed_oldest_first(self, board: Board) -> None:
        await write(board, a_sale(), journal.of_funding(a_funding()), journal.of_fill(a_fill()))
        asked = {"venue": "paper", "until": LATER.isoformat()}
        rows = await board.look("ledger.since", since=NOON.isoformat(), **asked)
        assert [(row["what"], row["tid"]) for row in rows] == [("fill", 1), ("funding", 0), ("fill", 2)]
        just_after = (NOON + timedelta(seconds=1)).isoformat()
        assert [row["tid"] for row in await board.look("ledger.since", since=just_after, **asked)] == [2]

    async def test_the_books_know_when_they_begin_and_whether_they_were_opened(self, board: Board) -> None:
        assert await board.look("ledger.books", venue="paper") == []
        await write(board, a_sale(), journal.of_fill(a_fill()))
        (row,) = await board.look("ledger.books", venue="paper")
        assert (row["begun_at"], row["opened_at"]) == (NOON.isoformat(), None)
        await write(board, an_opening(LATER))
        (row,) = await board.look("ledger.books", venue="paper")
        assert (row["begun_at"], row["opened_at"]) == (NOON.isoformat(), LATER.isoformat())

    async def test_an_opening_carries_what_was_earned_before(self, board: Board) -> None:
        await write(board, an_opening(NOON))
        assert await balances(board) == {
            "capital": (D(-900), D(0)),
            "carried": (D(-100), D(0)),
            "cash": (D(900), D(0)),
            "position:BTC": (D(100), D(2)),
        }

    async def test_what_is_unexplained_follows_the_newest_reconciliation(self, board: Board) -> None:
        first, second = (
            a_reconciliation(unexplained=symbols) for symbols in (("BTC", "ETH"), ("ETH", "SOL"))
        )
        await write(board, drift.reconciled(first, UUID(int=1), NOON))
        await write(board, drift.reconciled(second, UUID(int=2), LATER))
        await write(board, drift.reconciled(first, UUID(int=1), NOON))
        rows = await board.look("ledger.unexplained", venue="paper")
        assert [(row["symbol"], datetime.fromisoformat(row["since"])) for row in rows] == [
            ("ETH", NOON),
            ("SOL", LATER),
        ]
        assert await drift.unexplained(board, "paper") == {"ETH", "SOL"}
        assert await drift.unexplained(board, "elsewhere") == frozenset()

    async def test_the_history_of_drift_has_every_reconciliation_once(self, board: Board) -> None:
        for n, at in enumerate((NOON, LATER, NOON)):
            body = a_reconciliation(drift_usd=D(n % 2))
            await write(board, drift.reconciled(body, UUID(int=n % 2), at))
        rows = await board.look("ledger.drift", venue="paper")
        assert [D(str(row["drift_usd"])) for row in rows] == [D(1), D(0)]
        assert len(await board.look("ledger.drift", limit=1)) == 1


def a_reconciliation(**changes: Any) -> Reconciliation:
    base: dict[str, Any] = {
        "venue": "paper",
        "as_of": NOON,
        "agrees": False,
        "opened": False,
        "threshold_usd": D("0.01"),
        "drift_usd": D(5),
        "books_cash_usd": D(95),
        "venue_cash_usd": D(100),
        "booked_fills": 1,
        "booked_fundings": 2,
        "booked_flows_usd": D(0),
    }
    return Reconciliation(**(base | changes))


class TestInMemory(Books):
    @pytest.fixture
    def board(self) -> Board:
        return MemoryBoard(Memory(SystemClock().wall))


class TestInPostgres(Books):
    @pytest.fixture
    def board(self, database: Database) -> Board:
        return postgres_board(database, SystemClock())
