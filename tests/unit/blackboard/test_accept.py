"""The door of the board: what a draft becomes, and what is sent back by the name of its field."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from strandloom.blackboard import accept
from strandloom.blackboard.board import Unacceptable
from strandloom.blackboard.cause import Cause, delivered, person
from strandloom.blackboard.strand import Draft, Scores, Strand
from strandloom.kinds.registry import Body
from tests.builders import NOON, a_note, a_plan, a_pulse, from_feed, minute

NOTHING_KNOWN: Mapping[UUID, Strand] = {}


def accepted(draft: Draft, cause: Cause, known: Mapping[UUID, Strand] = NOTHING_KNOWN) -> Strand:
    return accept.strands([draft], cause, known=known.get, wall=NOON)[0]


def a_strand(draft: Draft | None = None, n: int = 0) -> Strand:
    return accepted(draft or a_pulse(n), from_feed(n))


def test_a_root_starts_its_own_lifecycle_at_hop_zero() -> None:
    pulse = a_strand()

    assert pulse.lifecycle == pulse.id
    assert (pulse.hop, pulse.parents, pulse.at) == (0, (), NOON)


def test_the_same_cause_gives_the_same_id_and_another_cause_another() -> None:
    assert a_strand(n=3).id == a_strand(n=3).id
    assert a_strand(n=3).id != a_strand(n=4).id


def test_ids_sort_by_market_time() -> None:
    assert a_strand(n=1).id < a_strand(n=2).id < a_strand(n=3).id


def test_what_a_person_posts_is_new_every_time() -> None:
    assert (
        accepted(a_note(), person("people.me", NOON)).id != accepted(a_note(), person("people.me", NOON)).id
    )


def test_several_drafts_of_one_kind_get_different_ids() -> None:
    notes = accept.strands([a_note(), a_note()], from_feed(), known=NOTHING_KNOWN.get, wall=NOON)

    assert notes[0].id != notes[1].id


def test_an_answer_belongs_to_the_lifecycle_of_what_was_delivered_one_hop_on() -> None:
    pulse = a_strand()
    note = accepted(a_note(), delivered(pulse, "raw_data.notes"))

    assert note.lifecycle == pulse.lifecycle
    assert (note.parents, note.hop, note.at) == ((pulse.id,), 1, pulse.at)


def test_the_first_parent_that_is_a_plan_gives_the_lifecycle() -> None:
    plan, later_plan, pulse = a_strand(a_plan()), a_strand(a_plan(), n=1), a_strand(n=2)
    known = {plan.id: plan, later_plan.id: later_plan}

    note = accepted(a_note(parents=(plan.id, later_plan.id)), delivered(pulse, "trader.outcome"), known)

    assert note.lifecycle == plan.lifecycle
    assert note.parents == (pulse.id, plan.id, later_plan.id)


def test_hops_count_from_the_delivered_strand_not_from_the_deepest_parent() -> None:
    deep = replace(a_strand(), hop=40)
    note = accepted(a_note(parents=(deep.id,)), delivered(a_strand(n=1), "cil.weaver"), {deep.id: deep})

    assert note.hop == 1


def test_a_kind_that_starts_a_lifecycle_does_so_even_as_an_answer() -> None:
    plan = accepted(a_plan(), delivered(a_strand(), "decision_maker.plans"))

    assert plan.lifecycle == plan.id
    assert plan.hop == 1


def test_a_person_may_name_parents_and_joins_the_chain_of_the_first() -> None:
    pulse = a_strand()
    note = accepted(a_note(parents=(pulse.id,)), person("people.me", NOON), {pulse.id: pulse})

    assert (note.lifecycle, note.hop) == (pulse.lifecycle, 1)


def test_a_parent_named_twice_is_kept_once() -> None:
    pulse = a_strand()
    note = accepted(a_note(parents=(pulse.id,)), delivered(pulse, "raw_data.notes"), {pulse.id: pulse})

    assert note.parents == (pulse.id,)


def test_a_draft_may_carry_its_own_market_time() -> None:
    note = accepted(a_note(event_at=minute(7)), from_feed())

    assert note.at == minute(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unregistered(Body):
    """A body that no kind claims."""


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft(body=Unregistered(), tags=("dm:plan",)), "kind"),
        (a_note(tags=("nonsense",)), "tags"),
        (a_note(tags=tuple(f"dm:plan:{n}" for n in range(33))), "tags"),
        (a_note(parents=(uuid4(),)), "parents"),
        (a_note(event_at=datetime(2026, 3, 2)), "event_at"),  # noqa: DTZ001 - naive on purpose
        (a_note(scores=Scores(phi=float("nan"))), "scores.phi"),
        (a_note(scores=Scores(surprise=float("inf"))), "scores.surprise"),
        (a_note(symbol=""), "symbol"),
        (a_note(regime=""), "regime"),
        (a_note(braid_level=-1), "braid_level"),
    ],
)
def test_a_refusal_names_the_field(draft: Draft, field: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        accepted(draft, from_feed())

    assert refusal.value.field == field
    assert str(refusal.value).startswith(f"{field}: ")


def test_a_cascade_ends_at_the_hop_limit() -> None:
    strand = a_strand()
    for _ in range(accept.HOP_LIMIT):
        strand = accepted(a_note(), delivered(strand, "raw_data.echo"))

    with pytest.raises(Unacceptable, match=r"^hop: .*raw_data\.echo"):
        accepted(a_note(), delivered(strand, "raw_data.echo"))
