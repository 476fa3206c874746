"""Code proposes what stands out, thriftily: one scope of a pattern and direction, nothing twice."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from strandloom.blackboard.strand import Draft, Strand, sealed
from strandloom.kinds.braid import Braid, BraidMember
from strandloom.kinds.predicate import AnyOf, KindIs
from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import PatternKey
from strandloom.learning.lessons.braided import suggested
from strandloom.learning.lessons.facts import Facts
from strandloom.learning.lessons.match import holds
from strandloom.learning.lessons.proposing import (
    predicate_of,
    proposals,
    stands_out,
    statement,
    subjects,
)
from strandloom.learning.lessons.registering import candidate
from strandloom.scoring.costs import VENUE
from tests.lessons import NOON

MEMBER = BraidMember(strand=UUID(int=3), net_bps=5.0)
HORIZONS = Horizons({"volume.spike": {"1m": 1_800, "5m": 7_200}})


def a_strand(body: Braid) -> Strand:
    return sealed(
        UUID(int=9),
        1,
        UUID(int=9),
        (),
        0,
        "cil.weaver",
        "braid",
        Draft(body=body, tags=("cil:braid",)),
        NOON,
        NOON,
    )


def a_row(key: str, net: float, se: float = 2.0) -> dict[str, Any]:
    return {"key": key, "n": 90, "n_blocks": 40, "net_bps": net, "se_bps": se}


@pytest.mark.parametrize(
    ("net", "expected"),
    [(3.0, True), (2.9, False), (0.0, False), (-12.0, False), (-20.0, False), (-21.0, True)],
)
def test_it_must_earn_beyond_its_error_or_lose_more_than_its_costs_explain(
    net: float, expected: bool
) -> None:
    assert stands_out(a_row("volume.spike:up", net), cost_bps=12.0) is expected


def test_of_each_pattern_and_direction_only_what_stands_out_most_is_proposed() -> None:
    promising = [
        a_row("volume.spike:up|symbol=BTC|timeframe=5m", 20.0),
        a_row("volume.spike:up", 9.0),
        a_row("volume.*", 9.0),
        a_row("*", 9.0),
        a_row("volume.spike:down", -40.0),
    ]
    found = [body for body, _ in proposals(promising, set(), set(), HORIZONS, VENUE)]
    assert [(body.action_hint, body.horizon_s) for body in found] == [("avoid", 7_200), ("expect", 7_200)]
    again = {statement(body) for body in found}
    assert list(proposals(promising[:1], again, set(), HORIZONS, VENUE)) == []
    others = proposals(promising, set(), {("volume.spike", "down")}, HORIZONS, VENUE)
    assert [body for body, _ in others] == found[1:]


def test_a_key_in_the_grammar_holds_for_its_own_forecasts_and_no_others() -> None:
    key = PatternKey(pattern="volume.spike", direction="up", symbol="BTC", regime="flat_calm")
    predicate = predicate_of(key)
    own = Facts(kind="pattern", pattern="volume.spike", direction="up", symbol="BTC", regime="flat_calm")
    assert holds(predicate, own) is True
    assert (
        holds(predicate, Facts(kind="pattern", pattern="volume.spike", direction="up", symbol="ETH")) is False
    )
    assert subjects(predicate) == ("volume.spike", "up")


def test_a_statement_that_holds_of_everything_is_quarantined_at_once() -> None:
    ((body, because),) = proposals([a_row("volume.spike:up", 20.0)], set(), set(), HORIZONS, VENUE)
    assert because == ()
    empty = replace(body, predicate=AnyOf(predicates=(KindIs(kind="pattern"), body.predicate)))
    made = candidate(empty, NOON, ())
    assert (made.status, made.reason) == ("quarantined", "says_nothing")
    assert candidate(body, NOON, ()).status == "candidate"


def test_a_braid_that_stands_out_suggests_its_pattern_and_is_named_as_the_reason() -> None:
    body = Braid(
        cluster_type="pattern", cluster="pattern:volume.spike:up@5m", level=2, members=3, n=90, looked_at=90,
        n_blocks=31, sr=0.6, sr_low=0.5, sr_high=0.7, mean_net_bps=20.0, median_net_bps=19.0,
        mean_gross_bps=32.0, median_gross_bps=31.0, net_low=10.0, net_high=30.0, drawdown_bps=40.0,
        best=MEMBER, worst=MEMBER, phi=None, rho=None, resonance=None, since=NOON, until=NOON, about={},
    )  # fmt: skip
    strands = [
        a_strand(body),
        a_strand(replace(body, mean_net_bps=-99.0)),
        a_strand(replace(body, n_blocks=5)),
    ]
    (row,) = suggested(strands, 20)
    assert (row["key"], row["net_bps"]) == ("volume.spike:up|timeframe=5m", 20.0)
    assert row["se_bps"] == pytest.approx(10.0 / 1.697, rel=1e-3)  # half the interval over t with 30 degrees
    ((made, because),) = proposals([row], set(), set(), HORIZONS, VENUE)
    assert (made.horizon_s, because) == (7_200, (strands[0].id,))
