"""Lessons in the Decision Maker: shown to plans, obeyed by the gate, and withheld where they are measured."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from strandloom.basics.ids import strand_id
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.strand import Draft
from strandloom.kinds.decision import Decision, Refusal
from strandloom.kinds.lesson import Lesson
from strandloom.learning.lessons import rows
from tests.lessons import a_lesson
from tests.network import NOON, Network
from tests.unit.teams.decision_maker.plans import D, plan_draft
from tests.unit.teams.decision_maker.test_planner_story import a_network, a_signal, a_signal_body, plans

IN_FORCE = {"revision": 1, "n": 200, "n_blocks": 60, "hits": 130, "sd_bps": 20.0, "confirmation_to": NOON}
EDGE = a_lesson(1, status="active", claim=12.0, ci_low=8.0, shrunk_mean=15.0, **IN_FORCE)
HARM = a_lesson(2, status="contraindicated", claim=-20.0, ci_high=-9.0, shrunk_mean=-25.0, **IN_FORCE)


async def taught(*lessons: Lesson, since: Any = NOON) -> Network:
    network = await a_network()
    cause = Cause(module="cil.lessons", at=NOON, key="taught")
    known = [rows.move(a_lesson_in_force(lesson, since)) for lesson in lessons]
    network.board.post([], cause, [*(rows.register(registered(lesson)) for lesson in lessons), *known])
    return network


def registered(lesson: Lesson) -> Lesson:
    return a_lesson(lesson.lesson.int)


def a_lesson_in_force(lesson: Lesson, since: Any) -> Lesson:
    return replace(lesson, known_from=since)


async def a_forecast(network: Network, *lessons: Lesson, held_out: bool = False) -> None:
    """The forecast and the note that lessons spoke of it, in one transaction as the forecaster has it."""
    body = a_signal_body(network, lessons=tuple(x.lesson for x in lessons), held_out=held_out)
    cause = Cause(module="raw_data.forecaster", at=body.opens_at, key="forecast")
    name = strand_id(body.opens_at, "forecast", cause.module, "prediction", 0)
    draft = Draft(body=body, tags=("raw_data:prediction:volume:spike", "dm:signal"), symbol=body.symbol)
    use = rows.use(name, body.lessons, held_out=held_out, at=body.opens_at)
    assert network.board.post([draft], cause, [use]) == (name,)
    await network.board.drain()


async def answer(network: Network) -> Any:
    told = [s.body for kind in ("decision", "refusal") for s in await network.said(kind)]
    assert len(told) == 1
    return told[0]


async def taken(network: Network) -> list[bool]:
    return [row["taken"] for _, row in network.board.slate.tables["lesson_uses"].rows()]


async def test_an_active_lesson_makes_a_full_plan_that_says_what_it_was_shown() -> None:
    network = await taught(EDGE)
    await a_forecast(network, EDGE)
    (plan,) = await plans(network)
    assert not plan.exploration
    assert plan.lessons_shown == (EDGE.lesson,)
    assert "expect +12.0 bps" in plan.reason


async def test_a_held_out_plan_is_made_without_lessons_and_says_so() -> None:
    network = await taught(EDGE)
    await a_forecast(network, EDGE, held_out=True)
    (plan,) = await plans(network)
    assert plan.held_out and plan.exploration and plan.lessons_shown == ()
    decision = await answer(network)
    assert isinstance(decision, Decision)
    assert decision.held_out and decision.lessons_shown == ()
    assert await taken(network) == [True]


async def test_a_lesson_that_was_not_known_a_minute_before_is_not_shown() -> None:
    network = await taught(EDGE, since=NOON + timedelta(days=1))
    await a_forecast(network, EDGE)
    (plan,) = await plans(network)
    assert plan.lessons_shown == ()


async def test_a_matching_contraindication_refuses_a_plan_and_is_named() -> None:
    network = await taught(HARM)
    await a_forecast(network, HARM)
    refusal = await answer(network)
    assert isinstance(refusal, Refusal)
    (failed,) = refusal.failed
    assert (failed.rule, failed.value) == ("contraindicated", str(HARM.lesson))
    assert "avoid -20.0 bps" in failed.why
    assert await taken(network) == [False]


async def test_a_held_out_plan_that_would_be_refused_is_followed_on_paper() -> None:
    network = await taught(HARM)
    await a_forecast(network, HARM, held_out=True)
    refusal = await answer(network)
    assert isinstance(refusal, Refusal)
    assert [failed.rule for failed in refusal.failed] == ["held_out"]
    assert await taken(network) == [True]  # for the measure it counts as if it had been traded


async def test_a_persons_plan_is_held_against_the_lessons_by_the_pattern_it_names() -> None:
    network = await taught(HARM)
    await network.tell(plan_draft(quantity=D(1), patterns=("volume.spike:up|symbol=BTC",), by="person"))
    refusal = await answer(network)
    assert isinstance(refusal, Refusal)
    assert "contraindicated" in {failed.rule for failed in refusal.failed}


async def test_a_forecast_that_no_lesson_speaks_of_passes_as_before() -> None:
    network = await taught(HARM)
    await a_signal(network, pattern="momentum.trend")
    assert isinstance(await answer(network), Decision)
    assert await taken(network) == []
