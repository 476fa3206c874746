"""The database guards the money: whoever asks at once, from however many processes, whatever dies."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from strandloom.llm.calls import Budgets, Call, Calls
from strandloom.llm.faults import NoAnswer
from strandloom.llm.prompts import Prompt, Request
from strandloom.store.database import Database
from tests.unit.llm.asks import an_ask

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ASKED = Request(prompt=Prompt(name="cil/braid", text="x"), messages=(), key="k")


class Wall:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    def wall(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def books(database: Database, clock: Wall, **budgets: str) -> Calls:
    given = {"agent_day_usd": "1", "day_usd": "5", "total_usd": "50"} | budgets
    return Calls(database, Budgets(**{name: Decimal(usd) for name, usd in given.items()}), clock)


async def tried(calls: Calls, agent: str, most: str) -> Call | None:
    try:
        return await calls.reserve(an_ask(agent=agent), "tiny", ASKED, "text", 1, Decimal(most))
    except NoAnswer:
        return None


async def test_many_at_once_never_spend_more_than_there_is(database: Database) -> None:
    clock = Wall()
    asking = [books(database, clock, day_usd="1.00") for _ in range(3)]
    wishes = [tried(asking[n % 3], f"cil.{n % 5}", "0.15") for n in range(30)]
    made = [call for call in await asyncio.gather(*wishes) if call]
    assert len(made) == 6  # 6 × 0.15 ≤ 1 < 7 × 0.15
    spent = {row["scope"]: row["usd"] for row in await database.fetch("llm.spent", "2026-03-02")}
    assert spent["all"] == spent["day 2026-03-02"] == Decimal("0.90")
    assert sum(usd for scope, usd in spent.items() if scope.startswith("agent ")) == Decimal("0.90")


async def test_a_call_that_was_cut_off_stays_paid_for(database: Database) -> None:
    clock = Wall()
    dead = await tried(books(database, clock), "cil.weaver", "0.80")
    assert dead is not None
    assert await tried(books(database, clock), "cil.weaver", "0.30") is None  # after the kill: a new process
    (_, row) = sorted(await database.fetch("llm.newest", None, None, 9), key=lambda r: r["outcome"] == "open")
    assert row["outcome"] == "open" and row["cost_usd"] is None


async def test_a_new_day_has_its_own_money_but_the_whole_is_the_same(database: Database) -> None:
    clock = Wall()
    calls = books(database, clock, total_usd="1.50")
    assert await tried(calls, "cil.weaver", "0.90")
    assert await tried(calls, "cil.weaver", "0.20") is None
    clock.at += timedelta(days=1)
    assert await tried(calls, "cil.weaver", "0.50")
    assert await tried(calls, "cil.weaver", "0.20") is None  # 1.40 of 1.50 are gone


async def test_a_call_settled_after_midnight_is_charged_to_the_day_it_began(database: Database) -> None:
    clock = Wall()
    calls = books(database, clock)
    call = await tried(calls, "cil.weaver", "0.90")
    assert call is not None
    clock.at += timedelta(days=1)
    await calls.settle(call, (1, 1), Decimal("0.10"), 5)
    rows = await database.fetch("llm.spent", "2026-03-02")
    assert {row["usd"] for row in rows} == {Decimal("0.10")} and len(rows) == 3


async def test_what_is_very_old_is_forgotten_and_the_sum_is_not(database: Database) -> None:
    clock = Wall()
    calls = books(database, clock)
    call = await tried(calls, "cil.weaver", "0.10")
    assert call is not None
    await calls.keep(ASKED, an_ask(), "tiny", "{}")
    clock.at += timedelta(days=401)
    assert await tried(calls, "cil.weaver", "0.10")
    assert len(await database.fetch("llm.newest", None, None, 9)) == 1
    assert await calls.kept(ASKED.key) is None
    spent = {row["scope"]: row["usd"] for row in await database.fetch("llm.spent", "2027-04-07")}
    assert spent == {
        "all": Decimal("0.20"),
        "day 2027-04-07": Decimal("0.10"),
        "agent cil.weaver 2027-04-07": Decimal("0.10"),
    }
