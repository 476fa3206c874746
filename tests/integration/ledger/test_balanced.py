"""The database itself refuses books that do not balance, and the audit finds what was forced into them."""

import asyncpg
import pytest

from strandloom import wiring  # noqa: F401 - registers every check
from strandloom.basics.clock import SystemClock
from strandloom.blackboard.audit import all_checks
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.postgres import postgres_board
from strandloom.ledger import journal
from strandloom.store.database import Database
from tests.fills import a_fill
from tests.network import NOON


@pytest.fixture
async def books(database: Database) -> Database:
    board = postgres_board(database, SystemClock())
    await board.post([], Cause(module="t.books", at=NOON, key="a"), [journal.of_fill(a_fill())])
    await run(
        database, "insert into ledger_accounts (venue, account, nature) values ('paper', 'capital', 'equity')"
    )
    return database


async def run(database: Database, sql: str) -> None:
    async with database.session() as session:
        await session.connection.execute(sql)


async def findings(database: Database) -> dict[str, list[str]]:
    checks = [check for check in all_checks() if check.name.startswith("ledger_")]
    return {check.name: [f.problem for f in await check.run(database)] for check in checks}


@pytest.mark.parametrize(
    "sql",
    [
        "update ledger_entries set usd = usd + 1 where usd > 0",
        "delete from ledger_entries where usd < 0",
        "insert into ledger_entries (transaction, account, usd)"
        " select 1, id, 1 from ledger_accounts where account = 'capital'",
        "insert into ledger_transactions (venue, what, at, tid, source)"
        " values ('paper', 'flow', now(), 9, 'trade')",
    ],
)
async def test_what_does_not_sum_to_zero_cannot_be_committed(books: Database, sql: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await run(books, sql)
    assert not any((await findings(books)).values())


async def test_the_service_cannot_edit_what_was_booked(books: Database) -> None:
    for sql in ("update ledger_entries set usd = 0", "delete from ledger_transactions"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await run(books, f"begin; set local role service_role; {sql}")


async def test_the_audit_sees_a_wrong_balance_and_a_wrong_fill(books: Database) -> None:
    await run(books, "update ledger_accounts set usd = usd + 5 where account = 'cash'")
    await run(books, "update ledger_transactions set quantity = 11")
    found = await findings(books)
    assert (len(found["ledger_balances"]), len(found["ledger_fills"])) == (1, 1)
    assert found["ledger_zero"] == []


async def test_the_audit_sees_entries_that_were_forced_in(books: Database) -> None:
    await run(
        books, "alter table ledger_entries disable trigger user; delete from ledger_entries where usd < 0"
    )
    assert len((await findings(books))["ledger_zero"]) == 1


async def test_the_audit_sees_an_order_that_traded_something_else_than_was_booked(books: Database) -> None:
    order = (
        "insert into trader_orders (cloid, decision, trade, leg, part, venue, symbol, side, quantity, price,"
        " reduce_only, style, expires_at, exploration, risk_usd, state, filled, fee_usd, at)"
        " values ('0x01', gen_random_uuid(), gen_random_uuid(), 'entry', 0, 'paper', 'BTC', 'buy', 10, 100,"
        " false, 'taker', now(), false, 0, 'filled', 10, 0.45, now())"
    )
    await run(books, order)
    assert (await findings(books))["ledger_orders"] == []
    await run(books, "update trader_orders set filled = 9")
    assert len((await findings(books))["ledger_orders"]) == 1
