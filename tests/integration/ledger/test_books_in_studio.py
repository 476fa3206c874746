"""What Studio shows of the books, and what `strandloom pnl` says, after a trade that really happened."""

import asyncio
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from strandloom.basics import paths
from strandloom.basics.clock import SystemClock
from strandloom.blackboard.cause import Cause, delivered
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Draft, Write
from strandloom.cli.app import app
from strandloom.kinds.decision import Decision
from strandloom.ledger import drift, journal
from strandloom.store.database import Database
from tests.contract.test_execution_tables import a_trade, begun, ended
from tests.contract.test_ledger_tables import a_reconciliation
from tests.fills import a_fill
from tests.network import NOON
from tests.unit.teams.trader.decisions import decided
from tests.unit.teams.trader.test_teaching_story import a_trade as an_analysis

D = Decimal
STUDIO = paths.sql() / "studio"


@pytest.fixture
async def traded(database: Database) -> Database:
    """A deposit, a fill, an order measured, a trade closed and told, and one reconciliation that differs."""
    board = postgres_board(database, SystemClock())
    (decision,) = await board.post([decided()], Cause(module="decision_maker.gate", at=NOON, key="d"))
    strand = await board.get(decision)
    assert strand is not None and isinstance(strand.body, Decision)
    analysis = replace(an_analysis(move=-20.0), because="expected 0.40 %, got -0.35 %")
    told = Draft(body=analysis, tags=("trader:performance_analysis",), parents=(decision,))
    writes: list[Write] = [
        journal.of_flow("paper", D(5_000), NOON, 1),
        journal.of_fill(a_fill()),
        begun(),
        ended(),
        a_trade(decision.int),
        drift.reconciled(a_reconciliation(unexplained=("BTC",)), decision, NOON),
    ]
    await board.post([told], delivered(strand, "trader.analyser"), writes)
    return database


async def asked(database: Database, question: str) -> list[dict[str, Any]]:
    async with database.session() as session:
        found = await session.connection.fetch((STUDIO / f"{question}.sql").read_text())
    return [dict(row) for row in found]


async def test_the_venue_league_has_a_line_for_the_venue_and_for_each_way_of_sending(
    traded: Database,
) -> None:
    rows = await asked(traded, "venue_league")
    assert [(row["venue"], row["style"], row["volatility"]) for row in rows] == [
        ("paper", None, None),
        ("paper", "taker", None),
        ("paper", "taker", "quiet"),
    ]
    assert {(row["orders"], row["saved_bps"]) for row in rows} == {(1, D("2.00"))}


async def test_a_trade_stands_beside_its_plan_with_the_reason(traded: Database) -> None:
    (row,) = await asked(traded, "plan_against_reality")
    assert (row["expected_bps"], row["realised_bps"], row["ended_by"]) == (D("40.0"), D("-35.0"), "stop")
    assert row["because"] == "expected 0.40 %, got -0.35 %"


async def test_the_drift_of_the_books_says_what_is_unexplained(traded: Database) -> None:
    (row,) = await asked(traded, "drift_of_the_books")
    assert (row["agrees"], row["drift_usd"], row["unexplained"]) == (False, D(5), "BTC")
    assert row["unexplained_since"] == NOON


async def test_the_balances_of_a_venue_sum_to_zero(traded: Database) -> None:
    rows = await asked(traded, "ledger_balances")
    assert [row["account"] for row in rows] == ["capital", "cash", "fees:BTC", "position:BTC", "sum"]
    assert rows[-1]["usd"] == 0
    assert next(row["held"] for row in rows if row["account"] == "position:BTC") == 10


def call(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


async def test_profit_and_loss_is_told_for_people_and_for_programs(
    traded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", traded.url)
    told = (await asyncio.to_thread(call, "pnl", "--by", "pattern")).stdout
    assert "volume.spike:up\t1\t0\t-3.50" in told
    assert "the books of paper, in USD: deposits 5,000.00, realised +0.00" in told
    answer = json.loads((await asyncio.to_thread(call, "pnl", "--json")).stdout)
    assert [(row["name"], row["trades"]) for row in answer["rows"]] == [("2025-05-20", 1)]
    assert D(answer["books"]["paper"]["settled"]) == D("4999.55")
    refused = await asyncio.to_thread(call, "pnl", "--by", "mood")
    assert "--by is one of day, symbol" in str(refused.exception)
