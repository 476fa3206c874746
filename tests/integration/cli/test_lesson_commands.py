"""`strandloom lessons` and `lesson` tell the truth of the tables, and a person's word reaches cil.lessons."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Write
from strandloom.kinds.lesson import LessonOrder
from strandloom.learning.lessons import rows
from strandloom.store.database import Database
from tests.lessons import MAKER_WHEN_WILD, NOON, a_lesson

HOUR = timedelta(hours=1)
ACTIVE = replace(
    a_lesson(1), revision=1, status="active", reason="confirmed", n=180, n_blocks=60, hits=120,
    mean_net_bps=9.0, mean_gross_bps=21.0, drift_bps=1.0, sd_bps=20.0, ci_low=2.5, ci_high=15.5,
    shrunk_mean=8.0, known_from=NOON + HOUR, claim=6.3, p=0.0001, looks=1, confirmation_to=NOON + HOUR,
)  # fmt: skip


async def taught(database: Database) -> None:
    board = postgres_board(database, SystemClock())
    look = {
        "lesson": str(ACTIVE.lesson),
        "gate": "positive",
        "number": 0,
        "at": NOON.isoformat(),
        "n_blocks": 60,
    }
    numbers = {"mean": 9.0, "se": 2.0, "n": 60, "skew": 0.1}
    content = {"net": numbers, "excess": numbers, "drift": 1.0}
    writes = [
        rows.register(a_lesson(1)),
        rows.register(a_lesson(2, predicate=MAKER_WHEN_WILD, family="execution")),
        Write(name="lesson.look", values={**look, "p": 1e-5, "content": content}),
        rows.move(ACTIVE),
    ]
    await board.post([], Cause(module="cil.lessons", at=NOON, key="taught"), writes)


async def test_lessons_are_listed_those_in_force_first(database: Database, run: Any) -> None:
    assert run("lessons").stdout == "nothing has been supposed yet\n"
    await taught(database)
    listed = json.loads(run("lessons", "--json").stdout)
    assert [row["status"] for row in listed] == ["active", "candidate"]
    assert listed[0]["says"] == "volume.spike, up"
    assert (listed[0]["net_bps"], listed[0]["low"], listed[0]["claim"]) == (9.0, 2.5, 6.3)
    only = json.loads(run("lessons", "--status", "candidate", "--json").stdout)
    assert [row["says"] for row in only] == ["style maker, volatility wild"]
    assert isinstance(run("lessons", "--status", "loved").exception, BadInput)


async def test_one_lesson_is_told_with_its_life_its_looks_and_its_lift(database: Database, run: Any) -> None:
    await taught(database)
    told = json.loads(run("lesson", str(ACTIVE.lesson), "--json").stdout)
    assert [move["status"] for move in told["life"]] == ["candidate", "active"]
    assert [(look["gate"], look["blocks"]) for look in told["looks"]] == [("positive", 60)]
    assert (told["won"], told["lift"], told["wealth"]) == ("120 of 180", "too few", 1.0)
    assert told["predicate"]["op"] == "all_of"
    text = run("lesson", str(ACTIVE.lesson)).stdout
    assert "says\tvolume.spike, up" in text and "life" in text and "looks" in text


async def test_a_persons_word_is_a_strand_with_its_reason(database: Database, run: Any) -> None:
    await taught(database)
    done = json.loads(run("lesson", "retire", str(ACTIVE.lesson), "--why", "fees rose", "--json").stdout)
    (strand,) = await postgres_board(database, SystemClock()).latest("lesson_order")
    assert str(strand.id) == done["strand"]
    assert strand.body == LessonOrder(lesson=ACTIVE.lesson, order="retire", why="fees rose")
    assert "cil:lesson_order" in strand.tags


@pytest.mark.parametrize(
    "args",
    [
        ("lesson", "ffffffff"),
        ("lesson", "0000"),
        ("lesson", "retire"),
        ("lesson", "retire", "00000000-0000-0000-0000-000000000001"),
    ],
)
async def test_what_cannot_be_meant_gets_one_sentence(
    database: Database, run: Any, args: tuple[str, ...]
) -> None:
    await taught(database)
    assert isinstance(run(*args).exception, BadInput)
