"""Entry conditions are met when the market shows it, and never while something is unknown."""

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from strandloom.kinds import condition as grammar
from strandloom.market.conditions import Seen, check

D = Decimal
NOON = datetime(2025, 5, 20, 12, tzinfo=UTC)
CONDITION: TypeAdapter[Any] = TypeAdapter(grammar.Condition)
UP = grammar.PriceAbove(price=D(100))


def seen(**changes: Any) -> Seen:
    return Seen(**({"at": NOON, "mid": D(100)} | changes))


@pytest.mark.parametrize(
    ("condition", "meets", "does_not"),
    [
        (UP, seen(mid=D("100.01")), seen(mid=D(100))),
        (grammar.PriceBelow(price=D(100)), seen(mid=D("99.99")), seen(mid=D(100))),
        (
            grammar.BreakoutAbove(price=D(100)),
            seen(mid=D("100.1"), lowest_close=D(100)),
            seen(mid=D("100.1"), lowest_close=D("100.01")),
        ),
        (
            grammar.BreakoutBelow(price=D(100)),
            seen(mid=D("99.9"), highest_close=D(100)),
            seen(mid=D("99.9"), highest_close=D("99.99")),
        ),
        (grammar.PullbackTo(price=D(100)), seen(mid=D("100.05")), seen(mid=D("100.051"))),
        (grammar.VolumeAbove(times=D(3)), seen(volume_times=D("3.1")), seen(volume_times=D(3))),
        (grammar.SpreadBelow(bps=D(5)), seen(spread_bps=D("4.9")), seen(spread_bps=D(5))),
        (grammar.TimeWindow(start=time(12), end=time(13)), seen(), seen(at=NOON.replace(hour=13))),
        (grammar.TimeWindow(start=time(23), end=time(1)), seen(at=NOON.replace(hour=0)), seen()),
        (grammar.AllOf(conditions=(UP, UP)), seen(mid=D(101)), seen(mid=D(99))),
        (grammar.AnyOf(conditions=(UP, grammar.PriceBelow(price=D(98)))), seen(mid=D(97)), seen(mid=D(99))),
        (grammar.Not(condition=UP), seen(mid=D(99)), seen(mid=D(101))),
        (None, seen(), seen(mid=None)),
    ],
    ids=lambda value: getattr(value, "op", None),
)
def test_every_word_of_the_grammar(condition: Any, meets: Seen, does_not: Seen) -> None:
    assert check(condition, meets).met
    assert not check(condition, does_not).met


@pytest.mark.parametrize(
    "condition",
    [
        UP,
        grammar.Not(condition=UP),
        grammar.Not(condition=grammar.Not(condition=grammar.VolumeAbove(times=D(1)))),
        grammar.Not(condition=grammar.AllOf(conditions=(UP, grammar.SpreadBelow(bps=D(1))))),
        grammar.BreakoutAbove(price=D(100)),
        None,
    ],
    ids=str,
)
def test_what_is_unknown_is_never_met(condition: Any) -> None:
    verdict = check(condition, Seen(at=NOON))
    assert not verdict.met
    assert not verdict.known


def test_a_wait_can_say_what_it_waits_for_and_how_far_it_is() -> None:
    verdict = check(
        grammar.AllOf(conditions=(UP, grammar.SpreadBelow(bps=D(5)))), seen(mid=D(99), spread_bps=D(2))
    )
    assert (verdict.what, verdict.value) == ("price above 100", "99")
    assert verdict.distance_bps is not None and 101 < verdict.distance_bps < 102


prices = st.decimals("1", "1000", places=2)
leaves = st.one_of(
    st.builds(grammar.PriceAbove, price=prices),
    st.builds(grammar.PriceBelow, price=prices),
    st.builds(grammar.VolumeAbove, times=prices),
    st.builds(
        grammar.TimeWindow, start=st.times().map(lambda t: t.replace(tzinfo=None)), end=st.just(time(5))
    ),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(grammar.Not, condition=inner),
        st.builds(grammar.AllOf, conditions=st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(grammar.AnyOf, conditions=st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@given(conditions)
def test_the_grammar_round_trips_through_json(condition: Any) -> None:
    assert CONDITION.validate_json(CONDITION.dump_json(condition)) == condition


@pytest.mark.parametrize(
    "text",
    [
        '{"op": "price_near", "price": "1"}',
        '{"op": "price_above"}',
        '{"op": "price_above", "price": "-1"}',
        '{"op": "price_above", "price": "NaN"}',
        '{"op": "price_above", "price": "1", "unless": "raining"}',
        '{"op": "all_of", "conditions": []}',
        '{"price": "1"}',
        "true",
    ],
)
def test_unknown_and_malformed_conditions_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        CONDITION.validate_json(text)
