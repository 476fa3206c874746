"""`strandloom llm` shows calls, costs and what is left; `strandloom learn now` posts one job."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Draft
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.job import Job
from strandloom.llm.calls import Budgets, Calls
from strandloom.llm.prompts import Prompt, Request
from strandloom.store.database import Database
from tests.unit.llm.asks import an_ask

AT = datetime(2025, 5, 20, 12, tzinfo=UTC)
ASKED = Request(prompt=Prompt(name="cil/braid", text="x"), messages=(), key="k")


@pytest.fixture
async def books(database: Database) -> Calls:
    """One answered and one quarantined call, and one that was not made."""
    budgets = Budgets(agent_day_usd=Decimal(1), day_usd=Decimal(5), total_usd=Decimal(50))
    books = Calls(database, budgets, SystemClock())
    for outcome, cost in (("answered", "0.25"), ("quarantined", "0.05")):
        call = await books.reserve(an_ask(), "tiny", ASKED, "text", 1, Decimal("0.5"))
        await books.settle(call, (100, 20), Decimal(cost), 300)
        why, said = (None, None) if outcome == "answered" else ("no number of the evidence", "It earned 99.")
        await books.judge(call, outcome, why, said)  # type: ignore[arg-type]
    await books.decline(an_ask(agent="cil.guidance"), "tiny", ASKED, "no price is known")
    return books


def said(result: Any) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


async def test_calls_tell_what_came_of_each(books: Calls, run: Any) -> None:
    rows = said(run("llm", "calls", "--json"))
    assert sorted(row["outcome"] for row in rows) == ["answered", "declined", "quarantined"]
    (bad,) = said(run("llm", "calls", "--outcome", "quarantined", "--json"))
    assert bad["reply"] == "It earned 99." and bad["fallback_reason"] == "no number of the evidence"
    assert len(said(run("llm", "calls", "--agent", "cil.guidance", "--json"))) == 1
    assert "cil/braid@" in run("llm", "calls").stdout


async def test_cost_adds_up_per_agent(books: Calls, run: Any) -> None:
    rows = {row["agent"]: row for row in said(run("llm", "cost", "--json"))}
    weaver = rows["cil.weaver"]
    assert (weaver["calls"], weaver["answered"], weaver["quarantined"]) == (2, 1, 1)
    assert (weaver["tokens_in"], weaver["tokens_out"]) == (200, 40)
    assert Decimal(weaver["cost_usd"]) == Decimal("0.30") and weaver["mean_latency_ms"] == 300
    assert rows["cil.guidance"]["declined"] == 1


async def test_the_budget_tells_what_is_left(books: Calls, run: Any) -> None:
    rows = {row["budget"]: row for row in said(run("llm", "budget", "--json"))}
    assert Decimal(rows["in all"]["left_usd"]) == Decimal("49.7")
    assert Decimal(rows["today"]["spent_usd"]) == Decimal("0.3")
    assert Decimal(rows["cil.weaver"]["left_usd"]) == Decimal("0.7")


async def test_money_that_is_set_aside_counts_until_it_is_settled(database: Database, run: Any) -> None:
    budgets = Budgets(agent_day_usd=Decimal(1), day_usd=Decimal(5), total_usd=Decimal(50))
    books = Calls(database, budgets, SystemClock())
    call = await books.reserve(an_ask(), "tiny", ASKED, "text", 1, Decimal("0.5"))
    assert Decimal(said(run("llm", "budget", "--json"))[0]["spent_usd"]) == Decimal("0.5")
    await books.settle(call, (1, 1), Decimal("0.1"), 5)
    await books.settle(call, (1, 1), Decimal("0.9"), 5)  # the second word does not count
    assert Decimal(said(run("llm", "budget", "--json"))[0]["spent_usd"]) == Decimal("0.1")


def test_before_any_call_it_says_so(run: Any) -> None:
    assert "no language model has been asked" in run("llm", "calls").stdout
    assert "no language model has been asked" in run("llm", "cost").stdout


def test_an_unknown_outcome_is_told_with_those_that_there_are(run: Any) -> None:
    result = run("llm", "calls", "--outcome", "lost")
    assert result.exit_code != 0 and "quarantined" in str(result.exception)


async def test_learn_now_posts_one_job_at_market_time_and_the_same_once(database: Database, run: Any) -> None:
    board = postgres_board(database, SystemClock())
    beat = Heartbeat(feed="test", minute=AT - timedelta(minutes=1), present=("BTC",))
    cause = Cause(module="market.heartbeat", at=AT, key="beat")
    await board.post([Draft(body=beat, tags=("market:heartbeat",))], cause)
    for name in ("look", "nightly", "ablation", "braids"):
        assert said(run("learn", "now", name, "--json"))["posted"] is True
        assert said(run("learn", "now", name, "--json"))["posted"] is False
    jobs = [strand.body for strand in await board.latest("job", limit=10)]
    assert all(isinstance(body, Job) and body.by == "person" and body.slot == AT for body in jobs)
    assert {body.job for body in jobs if isinstance(body, Job)} == {"look", "nightly", "ablation", "braids"}


def test_what_cannot_be_learnt_is_told_with_what_can(run: Any) -> None:
    result = run("learn", "now", "everything")
    assert result.exit_code != 0 and "look, nightly, ablation, braids" in str(result.exception)
