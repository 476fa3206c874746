"""A model may be the third of three observers; its word counts like the others', and no number moves."""

from dataclasses import replace

import pytest

from strandloom.blackboard.module import Seat
from strandloom.kinds.plan import TradingPlan
from strandloom.llm.port import Stance
from strandloom.llm.rule import RuleWriter
from strandloom.risk.limits import load
from strandloom.scoring.costs import VENUE
from strandloom.teams.decision_maker.planner import Planner
from tests.unit.teams.decision_maker.plans import Listed
from tests.unit.teams.decision_maker.test_planner_story import a_network, a_signal, know, plans
from tests.writers import Speaker


async def planned(speaker: RuleWriter | None, *, drift: float = 0.0002, net_bps: float = 30.0) -> TradingPlan:
    planner = Planner(Listed("BTC", "ETH"), load, VENUE, "paper", speaker)
    network = await a_network(drift, planner=Seat(module=planner, order="free"))
    know(network, net_bps, 5.0, 120)
    await a_signal(network, expected_bps=30.0)
    (plan,) = await plans(network)
    return plan


@pytest.mark.parametrize(("said", "stance"), [("for", "for"), ("against", "against"), ("unsure", "silent")])
async def test_the_verdict_stands_in_the_plan_with_who_gave_it(said: Stance, stance: str) -> None:
    plan = await planned(Speaker(said))
    assert [o.observer for o in plan.observations] == ["statistics", "structure", "model"]
    assert plan.observations[2].stance == stance
    assert plan.observations[2].writer == "tiny test/prompt@0123abcd"


async def test_without_a_verdict_the_rules_that_watch_the_flow_are_third() -> None:
    plan = await planned(Speaker(None))
    assert replace(plan, evidence=()) == replace(await planned(None), evidence=())
    assert [o.observer for o in plan.observations] == ["statistics", "structure", "flow"]


async def test_a_word_changes_the_agreement_and_none_of_the_numbers_that_code_computed() -> None:
    pro, contra = await planned(Speaker("for")), await planned(Speaker("against"))
    assert pro.confidence is not None and contra.confidence is not None
    assert pro.confidence > contra.confidence
    loose = {
        "observations": (),
        "confidence": None,
        "effective_votes": None,
        "priority": 0.0,
        "evidence": (),
        "reason": "",
    }
    assert replace(pro, **loose) == replace(contra, **loose)


async def test_two_against_the_idea_are_not_outvoted_by_a_model_that_is_then_not_even_asked() -> None:
    speaker = Speaker("for")
    plan = await planned(speaker, drift=-0.0003, net_bps=-30.0)
    assert speaker.asked == []
    assert plan.observations[2].observer == "flow"


async def test_the_model_is_told_votes_and_record_and_nothing_that_others_wrote() -> None:
    speaker = Speaker("for")
    await planned(speaker)
    (ask,) = speaker.asked
    assert ask.evidence.numbers["n_blocks"] == 120
    assert {"structure_not_stretched", "flow_breadth", "p"} <= ask.evidence.numbers.keys()
    assert ask.evidence.names["symbol"] == "BTC" and ask.evidence.quoted == {}
