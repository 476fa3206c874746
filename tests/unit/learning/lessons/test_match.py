"""The grammar of predicates: what holds, what does not, and what is not known."""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from strandloom.kinds.predicate import (
    AllOf,
    AnyOf,
    DirectionIs,
    FeatureAbove,
    FeatureBelow,
    KindIs,
    Not,
    PatternIs,
    Predicate,
    ScopeIn,
    SideIs,
)
from strandloom.learning.lessons.facts import Facts, of_forecast
from strandloom.learning.lessons.match import (
    asks_for_features,
    dumped,
    holds,
    identity,
    parsed,
    patterns_of,
)
from tests.lessons import MAKER_WHEN_WILD, SPIKE_UP
from tests.unit.learning.test_evidence_story import a_prediction

SPIKE = Facts(
    kind="pattern",
    pattern="volume.spike",
    direction="up",
    symbol="BTC",
    timeframe="5m",
    regime="flat_calm",
    session="europe",
    features={"volume_z_60": 4.0},
)
_leaves: st.SearchStrategy[Predicate] = st.one_of(
    st.sampled_from(["pattern", "execution"]).map(lambda kind: KindIs(kind=kind)),
    st.sampled_from(["volume.spike", "volume.*", "momentum.trend"]).map(lambda p: PatternIs(pattern=p)),
    st.sampled_from(["up", "down"]).map(lambda d: DirectionIs(direction=d)),
    st.sampled_from(["symbol", "venue", "style"]).map(lambda s: ScopeIn(scope=s, names=("BTC", "maker"))),
    st.floats(-5, 5).map(lambda v: FeatureAbove(feature="volume_z_60", value=v)),
    st.floats(-5, 5).map(lambda v: FeatureBelow(feature="never_known", value=v)),
)
_predicates = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(predicates=tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(predicates=tuple(parts))),
        inner.map(lambda part: Not(predicate=part)),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (KindIs(kind="pattern"), True),
        (PatternIs(pattern="volume.spike"), True),
        (PatternIs(pattern="volume.*"), True),
        (PatternIs(pattern="momentum.*"), False),
        (DirectionIs(direction="down"), False),
        (SideIs(side="buy"), None),
        (ScopeIn(scope="symbol", names=("ETH", "BTC")), True),
        (ScopeIn(scope="style", names=("maker",)), None),
        (FeatureAbove(feature="volume_z_60", value=3.0), True),
        (FeatureBelow(feature="volume_z_60", value=3.0), False),
        (FeatureBelow(feature="nobody_knows", value=3.0), None),
        (Not(predicate=DirectionIs(direction="down")), True),
        (Not(predicate=SideIs(side="buy")), None),
        (AllOf(predicates=(KindIs(kind="pattern"), SideIs(side="buy"))), None),
        (AllOf(predicates=(KindIs(kind="plan"), SideIs(side="buy"))), False),
        (AnyOf(predicates=(KindIs(kind="pattern"), SideIs(side="buy"))), True),
        (AnyOf(predicates=(KindIs(kind="plan"), SideIs(side="buy"))), None),
        (SPIKE_UP, True),
    ],
)
def test_a_predicate_holds_does_not_or_is_not_known(predicate: Predicate, expected: bool | None) -> None:
    assert holds(predicate, SPIKE) is expected


@given(_predicates)
def test_every_predicate_goes_through_json_and_says_the_same(predicate: Predicate) -> None:
    again = parsed(json.loads(json.dumps(dumped(predicate))))
    assert again == predicate
    assert holds(again, SPIKE) is holds(predicate, SPIKE)


@given(_predicates)
def test_outside_the_patterns_that_it_is_bound_to_a_predicate_never_holds(predicate: Predicate) -> None:
    names = patterns_of(predicate)
    if names is not None and "volume.spike" not in names:
        assert holds(predicate, SPIKE) is not True


@given(_predicates)
def test_twice_not_says_the_same(predicate: Predicate) -> None:
    assert holds(Not(predicate=Not(predicate=predicate)), SPIKE) is holds(predicate, SPIKE)


@pytest.mark.parametrize(
    "content",
    [
        {"op": "price_above", "price": 3},
        {"op": "pattern_is", "pattern": "volume.spike", "and": "more"},
        {"op": "pattern_is", "pattern": "drop table; --"},
        {"op": "all_of", "predicates": []},
        {"op": "feature_above", "feature": "rsi", "value": float("nan")},
        {"op": "scope_in", "scope": "weather", "names": ["rain"]},
        {"pattern": "volume.spike"},
    ],
)
def test_what_the_grammar_does_not_know_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        parsed(content)


def test_the_order_of_parts_does_not_make_another_statement() -> None:
    turned = AllOf(predicates=tuple(reversed(SPIKE_UP.predicates)))
    assert identity(turned, 60, "pattern", "expect") == identity(SPIKE_UP, 60, "pattern", "avoid")
    assert identity(SPIKE_UP, 61, "pattern", "expect") != identity(SPIKE_UP, 60, "pattern", "expect")
    maker = identity(MAKER_WHEN_WILD, 60, "execution", "enter_maker")
    assert maker != identity(MAKER_WHEN_WILD, 60, "execution", "enter_taker")


def test_an_order_tells_its_style_venue_volatility_and_size() -> None:
    body = a_prediction(
        0, family="execution", pattern="execution.maker@paper", regime="wild_wide", session="small"
    )
    facts = of_forecast(body)
    assert (facts.style, facts.venue, facts.volatility, facts.spread, facts.size, facts.side) == (
        "maker", "paper", "wild", "wide", "small", "buy",
    )  # fmt: skip
    assert holds(MAKER_WHEN_WILD, facts) is True


def test_only_predicates_over_features_ask_for_them() -> None:
    asks = Not(predicate=AnyOf(predicates=(SPIKE_UP, FeatureAbove(feature="rsi", value=70.0))))
    assert asks_for_features(asks)
    assert not asks_for_features(SPIKE_UP)


def test_every_op_of_the_grammar_is_explained_with_an_example_that_parses() -> None:
    page = (Path(__file__).resolve().parents[4] / "docs/learning.md").read_text()
    told = dict(re.findall(r"^\| `(\w+)` \|.*\| `(\{.*\})` \|$", page, re.MULTILINE))
    options = get_args(get_args(Predicate)[0])
    names = {field.default for option in options for field in fields(option) if field.name == "op"}
    assert told.keys() == names
    for op, example in told.items():
        if "…" not in example:
            assert dumped(parsed(json.loads(example)))["op"] == op
