"""Slots on a real board: posted once whoever posts them, gone on with after a restart, and their outcomes."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Search
from strandloom.blackboard.delivery import Settlement, Subscription
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.blackboard.strand import Said
from strandloom.jobs import driving
from strandloom.jobs.driving import Driving
from strandloom.jobs.timetable import Slot
from strandloom.kinds.job import Job
from strandloom.store.database import Database
from tests.builders import a_note

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CLOCK = SystemClock()


class Moving:
    """Market time, moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def driven(database: Database, time: Moving, holder: str = "one") -> Driving:
    return Driving(database, postgres_board(database, CLOCK), time, CLOCK, holder)


async def posted(board: SqlBoard) -> list[tuple[str, datetime]]:
    page = await board.find(Search(kind="job"), limit=1000)
    bodies = [strand.body for strand in reversed(page.strands)]
    return [(body.job, body.slot) for body in bodies if isinstance(body, Job)]


async def test_two_processes_post_each_slot_once(database: Database) -> None:
    time = Moving(NOON)
    both = [driven(database, time, holder) for holder in ("one", "two")]
    for _ in range(61):
        await asyncio.gather(*(each.look() for each in both))
        time.now += timedelta(minutes=1)
    found = await posted(postgres_board(database, CLOCK))
    assert len(found) == len(set(found))
    assert [job for job, _ in found].count("reconcile") == 4
    assert ("report_hourly", NOON + timedelta(hours=1)) in found


async def test_before_any_minute_is_known_nothing_is_due(database: Database) -> None:
    idle = Driving(database, postgres_board(database, CLOCK), lambda: None, CLOCK, "one")
    assert await idle.look() == ()


async def test_a_restart_posts_what_was_missed_and_nothing_again(database: Database) -> None:
    time = Moving(NOON)
    first = driven(database, time)
    await first.look()
    time.now = NOON + timedelta(hours=1)
    await first.look()
    board = postgres_board(database, CLOCK)
    before = await posted(board)
    time.now = NOON + timedelta(hours=3)
    await driven(database, time, "after the restart").look()
    after = await posted(board)
    assert after[: len(before)] == before
    assert [slot for job, slot in after if job == "report_hourly"] == [
        NOON + timedelta(hours=n) for n in (1, 2, 3)
    ]
    assert len(after) == len(set(after))


@pytest.fixture
async def told(database: Database) -> SqlBoard:
    """Four runs: answered, failed, still waiting, and one that nobody reads."""
    board = postgres_board(database, CLOCK)
    await board.subscribe([Subscription(consumer="cil.worker", patterns=("system:job:look",), order="free")])
    for hour in range(3):
        await driving.post(board, Slot(NOON + timedelta(hours=hour), "look"), "one")
    await driving.post(board, Slot(NOON, "nightly"), "one")
    answered, failed = await board.claim("cil.worker", 2, "me")
    await board.complete([Settlement(delivery=answered, said=Said(drafts=(a_note("done"),)))])
    await board.fail(failed, "no idea", again_in_s=None)
    return board


async def test_the_history_says_what_came_of_each_run(told: SqlBoard, database: Database) -> None:
    rows = await database.fetch("jobs.runs", 10)
    outcomes = {(row["job"], row["slot"]): (row["outcome"], row["answers"]) for row in rows}
    assert outcomes == {
        ("look", NOON): ("answered", 1),
        ("look", NOON + timedelta(hours=1)): ("failed", 0),
        ("look", NOON + timedelta(hours=2)): ("waiting", 0),
        ("nightly", NOON): ("done", 0),
    }


async def test_a_job_can_be_run_by_hand_and_is_shown(
    told: SqlBoard, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    from strandloom.cli import jobs

    await asyncio.to_thread(jobs.jobs, now="reconcile", runs=1, as_json=True)
    assert json.loads(capsys.readouterr().out)["posted"] is True
    await asyncio.to_thread(jobs.jobs, now=None, runs=5, as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert [run["outcome"] for run in shown["runs"] if run["job"] == "reconcile"] == ["done"]
    assert {line["job"] for line in shown["timetable"]} >= {"reconcile", "nightly"}
