"""What a backtest says it learnt: when, on what, how it went on; and plainly when it is nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from strandloom import roster
from strandloom.backtest.learning import anything_learnt, learning, sentence, without_lessons
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.strand import Strand
from strandloom.exchange.engine import Engine
from strandloom.exchange.rules import Rules
from strandloom.risk.watch import LimitsInForce
from strandloom.scoring.costs import VENUE
from strandloom.venues.paper import PaperVenue
from tests.lessons import a_lesson
from tests.school import COST_BPS, School, Taught

GOOD = Taught(name="volume.good", edge_bps=COST_BPS + 18.0)
NOTHING = Taught(name="volume.nothing")


class Schooled:
    """A result as far as learning looks at it."""

    def __init__(self, board: Lockstep) -> None:
        self.board = board

    def said(self, body: type) -> Iterator[tuple[Strand, Any]]:
        for strand in self.board.slate.archive.all():
            if isinstance(strand.body, body):
                yield strand, strand.body


async def schooled(*taught: Taught, days: int) -> Any:
    school = School(taught, days=days)
    for each in taught:
        await school.suppose(each.name)
    await school.days(days - 1)
    return Schooled(school.board)


async def test_a_lesson_is_told_with_its_evidence_and_how_it_went_on() -> None:
    result = await schooled(GOOD, NOTHING, days=14)
    assert anything_learnt(result)
    told = await learning(result, None)
    (row,) = told.lessons
    assert (row["came"], row["now"], row["says"]) == ("active", "active", "volume.good, up")
    assert row["blocks"] in (60, 120, 240) and row["low"] > 0
    assert (row["ended"], row["because"]) == (None, "")
    assert row["later_blocks"] > 60 and abs(row["later_bps"] - 18.0) < 6.0
    assert (told.figures["statements_tried"], told.figures["lessons"]) == (2, 1)
    assert told.figures["runs_of_the_gate"] == 13
    assert told.sentence == "1 of 2 statements came into force."
    assert told.figures["lift_bps"] is None  # nobody traded


async def test_a_lesson_that_died_says_when_and_why() -> None:
    told = await learning(await schooled(replace(GOOD, dies=16), days=40), None)
    (row,) = told.lessons
    assert (row["came"], row["now"]) == ("active", "suspended")
    assert row["ended"] > row["at"] + timedelta(days=2)
    assert "the bet against its claim" in row["because"]


async def test_nothing_is_an_honest_answer() -> None:
    result = await schooled(NOTHING, days=8)
    assert not anything_learnt(result)
    told = await learning(result, None)
    assert told.lessons == []
    assert told.sentence.startswith(
        "Nothing was learnt: of 1 statements that were tried the gate has looked at 1,"
    )
    assert "The nearest was «volume.nothing, up» with p " in told.sentence
    assert told.sentence.endswith("alone it would need 0.0002.")
    early = await learning(await schooled(NOTHING, days=2), None)
    assert early.sentence == (
        "Nothing was learnt yet: none of 1 statements that were tried has reached its first look, "
        "at 60 blocks."
    )
    empty = await learning(await schooled(days=2), None)
    assert empty.sentence.startswith("Nothing was learnt: no pattern stood out")


def test_what_lessons_cost_is_said_as_plainly_as_what_they_earned() -> None:
    known = [a_lesson(1), a_lesson(2)]
    figures = {"profit_with_usd": 10.0, "profit_without_usd": 20.0, "daily_difference_bps": -0.33}
    lost = sentence(known, known[:1], {**figures, "daily_difference_90": (-0.86, 0.1)})
    assert lost == (
        "1 of 2 statements came into force; a day with them earned 0.33 bps less, which could be chance."
    )
    won = sentence(
        known, known[:1], {**figures, "daily_difference_bps": 2.0, "daily_difference_90": (1.0, 3.0)}
    )
    assert won.endswith("a day with them earned 2.00 bps more, which is more than chance.")


def test_without_lessons_the_network_is_the_same_but_for_the_two_who_keep_them() -> None:
    asked = (roster.book(), PaperVenue(Engine(Rules()), Decimal(10_000)), LimitsInForce(None), VENUE)
    names = {seat.module.name for seat in roster.seats(*asked)}
    left = {seat.module.name for seat in without_lessons(roster.seats)(*asked)}
    assert names - left == {"cil.lessons", "cil.doctrine"}
