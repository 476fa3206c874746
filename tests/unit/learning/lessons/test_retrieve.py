"""Retrieval: what is in force, what matches, what overrules what, and nothing from the future."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.desk import Laid, no_market
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.memory_board import MemoryBoard
from strandloom.kinds.predicate import AllOf, DirectionIs, FeatureAbove, PatternIs, ScopeIn
from strandloom.learning.lessons import rows
from strandloom.learning.lessons.facts import Facts
from strandloom.learning.lessons.retrieve import Shelf, Snapshot, matching_styles, weight
from tests.lessons import MAKER_WHEN_WILD, NOON, a_lesson

SPIKE = Facts(kind="pattern", pattern="volume.spike", direction="up", symbol="BTC", timeframe="5m")
ACTIVE = a_lesson(status="active", shrunk_mean=5.0, claim=4.0, confirmation_to=NOON)


def test_the_weightiest_lesson_that_holds_speaks_first() -> None:
    old = replace(ACTIVE, lesson=UUID(int=2), shrunk_mean=8.0, confirmation_to=NOON - timedelta(days=60))
    other = replace(ACTIVE, lesson=UUID(int=3), predicate=PatternIs(pattern="momentum.trend"))
    family = replace(ACTIVE, lesson=UUID(int=4), shrunk_mean=1.0, predicate=PatternIs(pattern="volume.*"))
    found = Snapshot([other, family, old, ACTIVE], NOON).matching(SPIKE)
    assert [lesson.lesson.int for lesson in found] == [1, 2, 4]
    assert weight(old, NOON) == 2.0


def test_a_lesson_about_orders_says_nothing_of_forecasts() -> None:
    about_orders = replace(ACTIVE, family="execution", predicate=ScopeIn(scope="symbol", names=("BTC",)))
    assert Snapshot([about_orders], NOON).matching(SPIKE) == ()


def test_what_is_not_known_does_not_match() -> None:
    deep = replace(
        ACTIVE, predicate=AllOf(predicates=(ACTIVE.predicate, FeatureAbove(feature="rsi", value=7.0)))
    )
    assert Snapshot([deep], NOON).matching(SPIKE) == ()
    assert Snapshot([deep], NOON).matching(replace(SPIKE, features={"rsi": 8.0})) == (deep,)


def test_of_undecided_opponents_neither_is_used_and_of_decided_ones_the_one_that_does_not_yield() -> None:
    harm = replace(ACTIVE, lesson=UUID(int=2), status="contraindicated")
    one, other = replace(ACTIVE, contradicts=(harm.lesson,)), replace(harm, contradicts=(ACTIVE.lesson,))
    assert Snapshot([one, other], NOON).matching(SPIKE) == ()
    assert Snapshot([replace(ACTIVE, yields_to=(harm.lesson,)), harm], NOON).matching(SPIKE) == (harm,)
    elsewhere = replace(other, predicate=DirectionIs(direction="down"))
    assert Snapshot([one, elsewhere], NOON).matching(SPIKE) == (one,)


def test_lessons_of_execution_reach_the_trader_as_styles() -> None:
    maker = replace(
        ACTIVE, family="execution", action_hint="enter_maker", predicate=MAKER_WHEN_WILD, claim=1.4
    )
    (style,) = Snapshot([ACTIVE, maker], NOON).styles()
    assert (style.lesson, style.style, style.saved_bps) == (maker.lesson, "maker", 1.4)
    wild = Facts(kind="execution", style="maker", volatility="wild")
    assert matching_styles([style], wild) == (style,)
    assert matching_styles([style], replace(wild, volatility="quiet")) == ()


async def test_a_module_sees_the_lessons_of_the_minute_before_and_asks_once_a_minute() -> None:
    board = MemoryBoard(Memory(lambda: NOON))
    asked = []

    class Counting:
        async def look(self, name: str, **values: object) -> object:
            asked.append(values["at"])
            return await board.look(name, **values)

    candidate = a_lesson()
    active = replace(ACTIVE, revision=1, known_from=NOON)
    cause = Cause(module="cil.lessons", at=NOON, key="x")
    await board.post([], cause, [rows.register(candidate), rows.move(active)])
    shelf = Shelf()
    seen = []
    for minute in (0, 0, 1, 2):
        desk = Laid(NOON + timedelta(minutes=minute), board, Counting(), no_market)  # type: ignore[arg-type]
        seen.append((await shelf.at(desk)).lessons)
    assert seen == [(), (), (active,), (active,)]
    assert len(asked) == 3
