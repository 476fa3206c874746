"""The mirrored gate, shrinking and comparing: the rest of the gate's formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from strandloom.scoring import gate
from strandloom.scoring.nulls import Sample

_means = st.floats(-100, 100)


def a_sample(mean: float, se: float = 2.0, n: int = 60, skew: float = 0.2) -> Sample:
    return Sample(n=n, mean=mean, se=se, skew=skew)


@given(_means, st.floats(0, 30))
def test_the_mirrored_gate_is_the_gate_in_a_mirror(mean: float, margin: float) -> None:
    seen = gate.mirrored_look_at(a_sample(mean), margin)
    turned = a_sample(-mean - margin, skew=-0.2)
    straight = gate.look_at(turned, turned)
    assert seen is not None and straight is not None
    assert seen.p == pytest.approx(straight.p)


def test_a_pattern_that_only_fails_to_earn_its_costs_does_no_harm() -> None:
    seen = gate.mirrored_look_at(a_sample(-6.0, se=1.0), margin_bps=6.0)
    assert seen is not None and seen.p == pytest.approx(0.5, abs=0.02)


def test_no_first_look_at_what_is_too_skewed() -> None:
    assert gate.mirrored_look_at(a_sample(-9.0, skew=1.2), 0.0) is None
    assert gate.mirrored_look_at(a_sample(-9.0, skew=1.2, n=120), 0.0) is not None
    assert gate.mirrored_look_at(a_sample(-9.0, n=61), 0.0) is None


@given(_means, st.floats(0.1, 50))
def test_shrinking_never_crosses_nothing_nor_grows(mean: float, se: float) -> None:
    found = gate.shrunk(a_sample(mean, se=se))
    assert 0.0 <= found * np.sign(mean) <= abs(mean) if mean else found == 0.0


def test_shrinking_takes_all_of_what_is_within_its_error_and_little_of_what_stands_out() -> None:
    assert gate.shrunk(a_sample(2.0, se=2.0)) == 0.0
    assert gate.shrunk(a_sample(20.0, se=2.0)) == pytest.approx(19.8)


def test_the_two_ends_of_the_interval_hold_the_mean_between_them() -> None:
    look = gate.Look(number=1, p=1e-6)
    low, high = gate.adjusted_lower(a_sample(9.0), look, 1e-3), gate.adjusted_upper(a_sample(9.0), look, 1e-3)
    assert low < 9.0 < high
    assert gate.adjusted_lower(a_sample(9.0), look, 1e-5) < low


def test_two_samples_are_told_apart_as_by_welch() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.normal(0, 3, 40), rng.normal(1.5, 6, 70)
    samples = [Sample.of(values, np.ones(values.size)) for values in (one, other)]
    expected = stats.ttest_ind(one, other, equal_var=False).pvalue
    assert gate.p_differ(*samples) == pytest.approx(expected, rel=1e-9)
    assert gate.p_differ(samples[0], Sample.of(np.ones(1), np.ones(1))) == 1.0
