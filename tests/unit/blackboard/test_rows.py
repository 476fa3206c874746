"""Strands as rows: what goes in comes out, and what no database could keep is refused by its field."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from strandloom.blackboard import accept, content, rows
from strandloom.blackboard.board import Unacceptable
from strandloom.blackboard.strand import Draft, Scores, Strand
from strandloom.kinds.registry import Body, of
from tests.builders import NOON, a_note, from_feed
from tests.kinds import Grown, Leg, Note, Rich


def a_strand(draft: Draft) -> Strand:
    return accept.strands([draft], from_feed(), known=lambda _: None, wall=NOON, seq=7)[0]


@pytest.mark.parametrize(
    "body",
    [
        Note(text="größer → ∞ als 😀", number=0.1 + 0.2),
        Rich(legs=(Leg(at=NOON, price=Decimal("0.10")),), ratios={"BTC": 1e-300}),
    ],
)
def test_a_strand_survives_its_row_even_through_json(body: Body) -> None:
    scores = Scores(phi=0.1, novelty=1 / 3)
    strand = a_strand(Draft(body=body, tags=("dm:plan",), symbol="BTC", scores=scores))

    row = json.loads(json.dumps(rows.dump(strand)))

    assert rows.load({**row, "seq": 7}) == strand
    assert rows.load({**row, "content": json.dumps(row["content"]), "seq": 7}) == strand


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (Note(number=float("nan")), "body.number"),
        (Rich(ratios={"BTC": float("-inf")}), "body.ratios.BTC"),
        (Rich(legs=(Leg(), Leg(price=Decimal("NaN")))), "body.legs.1.price"),
        (Rich(legs=(Leg(at=datetime(2026, 1, 1)),)), "body.legs.0.at"),  # noqa: DTZ001 - naive on purpose
        (Rich(anything={"deep": [datetime(2026, 1, 1)]}), "body.anything.deep.0"),  # noqa: DTZ001
        (Note(text="x" * 70_000), "body"),
        (Rich(anything=object()), "body"),
        (Note(text="a\0b"), "body.text"),
        (Note(text="half \ud83d"), "body.text"),
        (Note(number="many"), "body.number"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(body: Body, field: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        content.dump(of(body), body)

    assert refusal.value.field == field


def test_an_old_row_is_brought_up_to_date() -> None:
    assert content.load("t_grown", {"word": "hello"}, 1) == Grown(words=("hello",))
    assert content.load("t_grown", {"words": ["a", "b"]}, 2) == Grown(words=("a", "b"))
    assert content.load("t_grown", '{"word": "hello"}', 1) == Grown(words=("hello",))


@pytest.mark.parametrize(
    ("kind", "stored", "version", "field"),
    [
        ("t_unheard_of", {}, 1, "kind"),
        ("t_grown", {"words": []}, 3, "schema_version"),
        ("t_grown", {}, 1, "body"),
        ("t_note", {"number": "many"}, 1, "body.number"),
    ],
)
def test_a_row_that_its_kind_refuses_says_where(kind: str, stored: Any, version: int, field: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        content.load(kind, stored, version)

    assert refusal.value.field == field


def test_a_row_keeps_its_instant_in_any_zone() -> None:
    strand = a_strand(a_note())
    row = rows.dump(strand) | {"seq": 7, "event_at": "2026-03-02T14:00:00+02:00"}

    assert rows.load(row).at.astimezone(UTC) == NOON
