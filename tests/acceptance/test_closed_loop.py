"""The loop closes: orders teach how to send orders, and what was learnt changes how they are sent.

On the built-in exchange with a planted edge of execution: in a wild market that always comes back, waiting in
the book is cheaper than crossing at once.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from pydantic_core import to_json

from strandloom import roster
from strandloom.backtest.learning import learning
from strandloom.backtest.replay import replay
from strandloom.backtest.result import Result
from strandloom.backtest.terms import Terms
from strandloom.blackboard import rows
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft, Said, Strand
from strandloom.cli import app
from strandloom.kinds.lesson import Lesson
from strandloom.kinds.order import OrderIntent
from strandloom.learning.book import Book
from strandloom.learning.evidence import Evidence
from strandloom.learning.lessons.gathering import Trails
from strandloom.market.panel import Panel
from strandloom.risk.watch import LimitsInForce
from strandloom.scoring.costs import CostModel
from strandloom.store.database import Database
from strandloom.teams.cil.doctrine import DoctrineKeeper
from strandloom.teams.cil.lessons import Lessons
from strandloom.teams.decision_maker import team as decision_maker
from strandloom.teams.trader import team as trader
from strandloom.venues.port import Venue
from tests.unit.teams.decision_maker.plans import a_plan

DAYS, START = 8, 29_000_160
PATIENT = """
[losses]
streak = 1000000
daily_percent = 50
drawdown_percent = 50
"""


class Asker:
    """Wants a small position each half hour, on either side in turn, in a market that it calls wild."""

    name = "raw_data.asker"
    reads = ("market:heartbeat:30m",)

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        price = Decimal(str(round(float(desk.market.bars().close[0, -1]), 2)))
        buys = int(strand.at.timestamp()) // 1_800 % 2 == 0
        plan = a_plan(
            idea=f"BTC:{'buy' if buys else 'sell'}:test.wild",
            side="buy" if buys else "sell",
            reference=price,
            quantity=Decimal(2),
            stop=price * (Decimal("0.95") if buys else Decimal("1.05")),
            take_profit=price * (Decimal("1.05") if buys else Decimal("0.95")),
            time_limit_s=600,
            expires_at=strand.at + timedelta(minutes=5),
            time_in_force="ioc",
            patterns=("test.wild:up|symbol=BTC|timeframe=1m|regime=flat_wild|session=asia",),
        )
        return Said(drafts=(Draft(body=plan, tags=("dm:plan",), symbol="BTC"),))


def seats(book: Book, venue: Venue, limits: LimitsInForce, costs: CostModel) -> Sequence[Seat]:
    """The real Trader, gate and learners around one who keeps asking."""
    trails = Trails()
    return (
        *trader.seats(venue, limits=limits, costs=costs, trying_share=0.3),
        Seat(module=Evidence(book, restored=True), order="feed"),
        *decision_maker.seats(venue, limits, costs, venue=venue.name, paper=True),
        Seat(module=Asker(), order="feed"),
        Seat(module=Lessons(roster.horizons(), costs, trails), order="free"),
        Seat(module=DoctrineKeeper(trails), order="free"),
    )


def wild_market() -> Panel:
    """Every minute the price leaps somewhere near a hundred, and touches more on the way."""
    rng = np.random.default_rng(11)
    bars = DAYS * 1_440
    close = 100.0 * (1.0 + 0.0015 * rng.standard_normal((1, bars)))
    opened = np.concatenate([[[100.0]], close[:, :-1]], axis=1)
    columns = {
        "open": opened,
        "high": np.maximum(opened, close) * 1.0015,
        "low": np.minimum(opened, close) * 0.9985,
        "close": close,
        "volume": np.full((1, bars), 50_000.0),
    }
    known = np.zeros((1, bars), dtype=np.bool_)
    return Panel(venue="wild", symbols=("BTC",), start=START, columns=columns, filled=known)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    path: Path = tmp_path_factory.mktemp("limits") / "limits.toml"
    path.write_text(PATIENT)
    terms = Terms(start=START + 300, stop=START + DAYS * 1_440, limits=LimitsInForce(path))
    return asyncio.run(replay(seats, wild_market(), terms))


def entries(result: Result) -> list[tuple[Strand, OrderIntent]]:
    return [(strand, body) for strand, body in result.said(OrderIntent) if body.leg == "entry"]


def the_lesson(result: Result) -> tuple[Strand, Lesson]:
    return next((s, body) for s, body in result.said(Lesson) if body.status == "active")


@pytest.mark.slow
def test_waiting_in_the_book_becomes_an_active_lesson(result: Result) -> None:
    _, lesson = the_lesson(result)
    assert (lesson.family, lesson.action_hint) == ("execution", "enter_maker")
    assert lesson.claim is not None and lesson.claim > 1.0
    assert lesson.ci_low is not None and lesson.ci_low > 0.0
    assert lesson.n_blocks >= 60
    first = min(body.registered_at for _, body in result.said(Lesson))
    assert lesson.known_from - first > timedelta(days=5)  # sixty blocks of two hours


@pytest.mark.slow
def test_what_was_learnt_changes_how_entries_are_sent(result: Result) -> None:
    strand, lesson = the_lesson(result)
    before = [body.style for _, body in entries(result)[:8]]
    soon = strand.at + timedelta(minutes=1)
    after = [body for told, body in entries(result) if told.at > soon and body.part == 0]
    assert before.count("taker") > before.count("maker")
    assert len(after) > 10
    shown = [body for body in after if body.chosen is not None and lesson.lesson in body.chosen.lessons]
    assert shown == after
    free = [body for body in shown if body.chosen is not None and not body.chosen.trying]
    assert {body.style for body in free} == {"maker"}


@pytest.mark.slow
async def test_trace_shows_the_whole_chain_from_an_order_to_the_way_of_a_later_one(
    result: Result, database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await copied(result, database)
    strand, lesson = the_lesson(result)
    changed = next(told for told, body in entries(result) if leans_on(body, lesson))
    lines = await asyncio.to_thread(traced, changed.id, database.url, monkeypatch, capsys)
    told = [(line["kind"], line["id"]) for line in lines]
    kinds = [kind for kind, _ in told]
    chain = ["trading_plan", "decision", "order_intent", "order_status", "performance_analysis"]
    chain += ["execution_learning", "lesson", "order_intent"]
    assert in_order(chain, kinds), kinds
    assert ("lesson", str(strand.id)) in told
    of = {line["id"]: line for line in lines}
    assert str(strand.id) in of[str(changed.id)]["parents"]
    assert of[str(changed.id)]["content"]["style"] == "maker"


def leans_on(body: OrderIntent, lesson: Lesson) -> bool:
    return body.chosen is not None and lesson.lesson in body.chosen.lessons and not body.chosen.trying


async def copied(result: Result, database: Database) -> None:
    """The board of the replay, strand by strand as it was said, into a database."""
    said = [rows.dump(strand) for strand in result.strands]
    for first in range(0, len(said), 500):
        await database.fetch("board.publish", to_json(said[first : first + 500]).decode(), "[]")


def traced(
    name: UUID, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, Any]]:
    """What `strandloom trace` prints."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr("sys.argv", ["strandloom", "trace", str(name), "--json"])
    with pytest.raises(SystemExit) as stop:
        app.main()
    assert not stop.value.code
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def in_order(wanted: Sequence[str], told: Sequence[str]) -> bool:
    """Do the wanted ones appear in this order, whatever stands between them?"""
    rest = iter(told)
    return all(kind in rest for kind in wanted)


@pytest.mark.slow
async def test_the_backtest_tells_what_was_learnt(result: Result) -> None:
    told = await learning(result, None)
    (row,) = told.lessons
    assert row["came"] == "active" and "style maker" in row["says"]
    assert row["later_blocks"] > 0
