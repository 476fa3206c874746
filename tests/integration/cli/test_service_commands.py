"""The commands that tell about a service: status, and the report of a day, over a real database."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.blackboard.cause import root
from strandloom.blackboard.delivery import Subscription
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Draft
from strandloom.cli import report as reports
from strandloom.cli import status as statuses
from strandloom.service.leases import Leases
from strandloom.service.me import Me
from strandloom.store.database import Database
from tests.builders import a_pulse, from_feed
from tests.unit.report.test_page import BODY

CLOCK = SystemClock()


@pytest.fixture(autouse=True)
def _database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)


async def shown(capsys: pytest.CaptureFixture[str], as_json: bool = False) -> str:
    await asyncio.to_thread(statuses.status, as_json=as_json)
    return capsys.readouterr().out


async def test_before_anything_ran_it_says_how_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    told = await shown(capsys)
    assert "stopped; start it with `run`" in told
    assert "none yet" in told


async def test_leaders_standbys_and_silence_are_shown(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    leases = Leases(database, CLOCK, Me.now(), ("market", "trader"))
    await leases.present()
    await leases.look()
    told = json.loads(await shown(capsys, as_json=True))
    assert {row["role"]: row["led by"] == "nobody" for row in told["roles"]} == {
        "market": False,
        "trader": False,
    }
    assert told["processes"] == 1
    assert "state\trunning" in await shown(capsys)
    await leases.give_back()
    assert "led by\tsince" in (gone := await shown(capsys)) and "nobody" in gone


async def test_who_is_behind_is_named(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    board = postgres_board(database, CLOCK)
    await board.subscribe([Subscription(consumer="cil.reader", patterns=("market:*",), order="free")])
    await board.post([a_pulse(1)], from_feed(1))
    (claimed,) = await board.claim("cil.reader", 1, "me")
    await board.fail(claimed, "hopeless", again_in_s=None)
    told = json.loads(await shown(capsys, as_json=True))
    assert [(row["module"], row["dead"]) for row in told["behind"]] == [("cil.reader", 1)]


async def test_a_report_is_shown_by_day_and_written_as_a_page(
    database: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    board = postgres_board(database, CLOCK)
    draft = Draft(body=BODY, tags=("trader:performance_report",))
    await board.post([draft], root("trader.reporter", datetime(2026, 1, 2, tzinfo=UTC), "test"))
    page = tmp_path / "day.html"
    await asyncio.to_thread(reports.report, day="2026-01-01", hour=False, html=page, as_json=True)
    assert json.loads(capsys.readouterr().out)["trade_count"] == 3
    assert "Report of 2026-01-01" in page.read_text()
    await asyncio.to_thread(reports.report, day=None, hour=False, html=None, as_json=False)
    assert "reward_to_cost" in capsys.readouterr().out
    with pytest.raises(BadInput, match="no report of 2026-01-05"):
        await asyncio.to_thread(reports.report, day="2026-01-05", hour=False, html=None, as_json=False)
