"""Whatever conditions wait, checking them all at once says what checking each by itself says."""

from datetime import UTC, datetime, time
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from strandloom.kinds import condition as grammar
from strandloom.market.conditions import Seen, check
from strandloom.market.conditions_at_once import Compiled, Shown

NOW = datetime(2025, 5, 20, 12, 30, tzinfo=UTC)
prices = st.integers(90, 110).map(Decimal)
leaves = st.one_of(
    st.none(),
    st.builds(lambda p: grammar.PriceAbove(price=p), prices),
    st.builds(lambda p: grammar.PriceBelow(price=p), prices),
    st.builds(lambda p: grammar.BreakoutAbove(price=p), prices),
    st.builds(lambda p: grammar.BreakoutBelow(price=p), prices),
    st.builds(
        lambda p, w: grammar.PullbackTo(price=p, within_bps=w), prices, st.integers(1, 500).map(Decimal)
    ),
    st.builds(lambda n: grammar.VolumeAbove(times=n), st.integers(1, 5).map(Decimal)),
    st.builds(lambda n: grammar.SpreadBelow(bps=n), st.integers(1, 20).map(Decimal)),
    st.builds(
        lambda a, b: grammar.TimeWindow(start=time(a), end=time(b)), st.integers(0, 23), st.integers(0, 23)
    ),
)
known = leaves.filter(lambda leaf: leaf is not None)
trees = st.recursive(
    known,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=4).map(lambda p: grammar.AllOf(conditions=tuple(p))),
        st.lists(parts, min_size=1, max_size=4).map(lambda p: grammar.AnyOf(conditions=tuple(p))),
        parts.map(lambda p: grammar.Not(condition=p)),
    ),
    max_leaves=12,
)
maybe = st.one_of(st.none(), st.integers(90, 110).map(lambda n: Decimal(n) + Decimal("0.5")))
sights = st.builds(
    lambda mid, spread, low, high, times: Seen(
        at=NOW, mid=mid, spread_bps=spread, lowest_close=low, highest_close=high, volume_times=times
    ),
    maybe,
    maybe,
    maybe,
    maybe,
    st.one_of(st.none(), st.integers(0, 6).map(lambda n: Decimal(n) + Decimal("0.5"))),
)


def shown(seen: list[Seen]) -> Shown:
    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        values = [getattr(one, name) for one in seen]
        return np.array([float("nan") if value is None else float(value) for value in values])

    names = ("mid", "spread_bps", "lowest_close", "highest_close", "volume_times")
    second = NOW.hour * 3_600 + NOW.minute * 60
    return Shown(**{name: column(name) for name in names}, second_of_day=second)


@given(st.lists(st.tuples(st.one_of(leaves, trees), sights), min_size=1, max_size=20))
@settings(max_examples=150, deadline=None)
def test_all_at_once_says_what_one_by_one_says(waits: list[tuple[grammar.Condition | None, Seen]]) -> None:
    alone = [check(condition, seen).met for condition, seen in waits]
    together = Compiled([condition for condition, _ in waits]).met(shown([seen for _, seen in waits]))
    assert together.tolist() == alone


def test_an_unknown_price_meets_nothing_not_even_its_contrary() -> None:
    above = grammar.PriceAbove(price=Decimal(100))
    either = grammar.AnyOf(conditions=(above, grammar.Not(condition=above)))
    met = Compiled([above, grammar.Not(condition=above), either, None]).met(shown([Seen(at=NOW)] * 4))
    assert not met.any()
