"""Rounding to 6 significant digits agrees with how Python prints them."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from strandloom.indicators.rounding import six_digits


@given(st.floats(1e-9, 1e12) | st.floats(-1e12, -1e-9))
@example(1000.0)
@example(999999.5)
@example(0.000999999499)
def test_a_value_becomes_the_nearest_with_six_digits(x: float) -> None:
    rounded = float(six_digits(np.array([x]))[0])
    assert float(f"{rounded:.5e}") == rounded
    assert abs(rounded - x) <= abs(float(f"{x:.5e}") - x) * (1 + 1e-9) + abs(x) * 1e-15


@given(st.floats(1e-9, 1e12))
def test_rounding_twice_changes_nothing(x: float) -> None:
    once = six_digits(np.array([x]))
    np.testing.assert_array_equal(six_digits(once), once)


def test_what_is_not_finite_is_unknown() -> None:
    rounded = six_digits(np.array([np.inf, -np.inf, np.nan, 0.0]))
    assert np.isnan(rounded[:3]).all() and rounded[3] == 0.0
