"""A model may propose; what it proposes is registered like anything else, in the grammar, few at a time."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.desk import desks, no_market
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft
from strandloom.kinds.braid import Braid, BraidMember
from strandloom.kinds.job import Job
from strandloom.kinds.lesson import Hypothesis, Lesson
from strandloom.kinds.predicate import AllOf, DirectionIs, PatternIs
from strandloom.learning.horizons import Horizons
from strandloom.learning.lessons.gathering import Trails
from strandloom.llm.faults import Unfit
from strandloom.llm.port import Ask, Evidence, Grammar, Hypotheses
from strandloom.llm.rule import RuleWriter
from strandloom.llm.shapes import hypotheses
from strandloom.scoring.costs import VENUE
from strandloom.teams.cil.lessons import Lessons
from strandloom.teams.cil.proposals import grammar
from strandloom.teams.cil.proposer import Proposer
from tests.unit.teams.cil.test_guidance_story import MIDNIGHT
from tests.writers import BY_MODEL

HORIZONS = Horizons({"volume.spike": {"1m": 3_600, "5m": 7_200}, "momentum.trend": {"1m": 3_600}})
GOOD: dict[str, Any] = {
    "predicate": {
        "op": "all_of",
        "predicates": [
            {"op": "pattern_is", "pattern": "volume.spike"},
            {"op": "direction_is", "direction": "up"},
        ],
    },
    "action_hint": "expect",
    "mechanism": "Buyers in a hurry push the price on.",
}


class Dreamer(RuleWriter):
    """Proposes what it is told to, held to the grammar as a model would be."""

    def __init__(self, *proposals: dict[str, Any]) -> None:
        self.proposals = proposals
        self.asked: list[Ask] = []

    async def hypotheses(self, ask: Ask, grammar: Grammar) -> Hypotheses:
        self.asked.append(ask)
        found = hypotheses(grammar).read(json.dumps({"hypotheses": list(self.proposals)}))
        return Hypotheses(proposals=found, by=BY_MODEL)


def a_braid(**changes: Any) -> Draft:
    member = BraidMember(strand=UUID(int=1), net_bps=5.0)
    given: dict[str, Any] = {
        "cluster_type": "pattern",
        "cluster": "pattern:volume.spike:up",
        "level": 2,
        "members": 3,
        "n": 60,
        "looked_at": 60,
        "n_blocks": 30,
        "sr": 0.6,
        "sr_low": 0.5,
        "sr_high": 0.7,
        "mean_net_bps": 6.0,
        "median_net_bps": 5.0,
        "mean_gross_bps": 19.0,
        "median_gross_bps": 18.0,
        "net_low": 1.0,
        "net_high": 11.0,
        "drawdown_bps": 40.0,
        "best": member,
        "worst": member,
        "phi": None,
        "rho": None,
        "resonance": None,
        "since": MIDNIGHT - timedelta(days=9),
        "until": MIDNIGHT,
        "about": {"regime:up_wild": 9},
    }
    return Draft(body=Braid(**(given | changes)), tags=("cil:braid",), braid_level=2)


async def a_night(writer: RuleWriter, *braids: Draft, nights: int = 1) -> Lockstep:
    seats = [
        Seat(module=Proposer(writer, HORIZONS, VENUE), order="free"),
        Seat(module=Lessons(HORIZONS, VENUE, Trails()), order="free"),
    ]
    board = Lockstep(seats, lambda: MIDNIGHT, strict=True, forgiving=False)
    board.lay(desks(board.past, no_market))
    board.post(braids, Cause(module="cil.weaver", at=MIDNIGHT, key="braids"))
    for n in range(1, nights + 1):
        at = MIDNIGHT + timedelta(days=n)
        job = Draft(body=Job(job="nightly", slot=at), tags=("system:job:nightly",))
        board.post([job], Cause(module="jobs.timetable", at=at, key=f"night {n}"))
        await board.drain()
    return board


async def bodies(board: Lockstep, kind: str) -> list[Any]:
    return [strand.body for strand in await board.past.latest(kind, limit=99)]


async def test_a_proposal_becomes_a_candidate_with_who_proposed_it_and_why() -> None:
    writer = Dreamer(GOOD)
    board = await a_night(writer, a_braid())
    (said,) = await bodies(board, "hypothesis")
    assert isinstance(said, Hypothesis)
    assert said.predicate == AllOf(
        predicates=(PatternIs(pattern="volume.spike"), DirectionIs(direction="up"))
    )
    assert said.writer == "tiny test/prompt@0123abcd" and said.horizon_s == 7_200
    (lesson,) = await bodies(board, "lesson")
    assert isinstance(lesson, Lesson)
    assert (
        lesson.status == "candidate"
        and lesson.n == 0
        and lesson.registered_at == MIDNIGHT + timedelta(days=1)
    )
    (ask,) = writer.asked
    assert ask.evidence.names["cluster_1"] == "pattern:volume.spike:up"
    assert ask.evidence.numbers["net_1_bps"] == 6.0


async def test_what_is_registered_already_is_not_proposed_again() -> None:
    board = await a_night(Dreamer(GOOD), a_braid(), nights=3)
    assert len(await bodies(board, "hypothesis")) == 1
    assert len(await bodies(board, "lesson")) == 1


async def test_rules_add_nothing_and_without_braids_nobody_is_asked() -> None:
    assert await bodies(await a_night(RuleWriter(), a_braid()), "hypothesis") == []
    writer = Dreamer(GOOD)
    thin = (a_braid(level=1), a_braid(n_blocks=3), a_braid(net_low=None, net_high=None))
    assert await bodies(await a_night(writer, *thin), "hypothesis") == []
    assert writer.asked == []


BAD: dict[str, dict[str, Any]] = {
    "an unknown field": {**GOOD, "status": "active"},
    "an unknown action": {**GOOD, "action_hint": "buy"},
    "no reason": {**GOOD, "mechanism": ""},
    "a number in the reason": {**GOOD, "mechanism": "It wins in 90 % of cases."},
    "a command in the reason": {**GOOD, "mechanism": "Buy at once."},
    "an unknown pattern": {**GOOD, "predicate": {"op": "pattern_is", "pattern": "my.pattern"}},
    "everything": {**GOOD, "predicate": {"op": "kind_is", "kind": "pattern"}},
    "a whole family": {**GOOD, "predicate": {"op": "pattern_is", "pattern": "volume.*"}},
    "an unknown word": {**GOOD, "predicate": {"op": "eval", "code": "1"}},
    "no object": {**GOOD, "predicate": "volume.spike"},
}


@pytest.mark.parametrize("case", BAD)
def test_what_the_grammar_does_not_know_is_no_proposal(case: str) -> None:
    shape = hypotheses(grammar(HORIZONS.patterns(), Evidence(), 2))
    with pytest.raises(Unfit):
        shape.read(json.dumps({"hypotheses": [BAD[case]]}))


def test_a_good_one_passes_and_three_are_too_many() -> None:
    shape = hypotheses(grammar(HORIZONS.patterns(), Evidence(), 2))
    assert len(shape.read(json.dumps({"hypotheses": [GOOD, GOOD]}))) == 2
    with pytest.raises(Unfit):
        shape.read(json.dumps({"hypotheses": [GOOD, GOOD, GOOD]}))


def test_every_reference_of_the_schema_is_found_from_its_top() -> None:
    schema = hypotheses(grammar(HORIZONS.patterns(), Evidence(), 2)).schema
    refs = {part.split('"')[0] for part in json.dumps(schema).split('"#/$defs/')[1:]}
    assert refs and refs <= schema["$defs"].keys()
