"""The fixed tree: right sums, and the same bits for one column as for all of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from strandloom.indicators.fold import decayed_sum, rolling_max, rolling_min, rolling_sum
from strandloom.indicators.frame import Floats
from strandloom.indicators.moments import correlation_and_beta, mean_and_sd, skew_and_kurtosis

ROWS = arrays(np.float64, (2, 40), elements=st.floats(-1e6, 1e6))
WINDOWS = st.integers(1, 40)


def windows(x: Floats, n: int) -> Floats:
    return np.lib.stride_tricks.sliding_window_view(x, n, axis=-1)


@given(ROWS, WINDOWS)
def test_rolling_sums_equal_plain_sums(x: Floats, n: int) -> None:
    assert rolling_sum(x, n) == pytest.approx(windows(x, n).sum(axis=-1), rel=1e-9, abs=1e-6)


@given(ROWS, WINDOWS)
def test_extremes_are_exact(x: Floats, n: int) -> None:
    np.testing.assert_array_equal(rolling_max(x, n), windows(x, n).max(axis=-1))
    np.testing.assert_array_equal(rolling_min(x, n), windows(x, n).min(axis=-1))


@given(ROWS, WINDOWS, st.floats(0.1, 0.99))
def test_decayed_sums_weigh_each_column_by_its_age(x: Floats, n: int, keep: float) -> None:
    weights = keep ** np.arange(n)[::-1]
    assert decayed_sum(x, keep, n) == pytest.approx(
        (windows(x, n) * weights).sum(axis=-1), rel=1e-9, abs=1e-6
    )


@given(ROWS, WINDOWS, st.integers(0, 39))
def test_a_column_alone_has_the_bits_it_has_among_others(x: Floats, n: int, last: int) -> None:
    if last + 1 < n:
        return
    alone = x[:, last + 1 - n : last + 1]
    for one, among in (
        (rolling_sum(alone, n), rolling_sum(x, n)),
        (decayed_sum(alone, 0.9, n), decayed_sum(x, 0.9, n)),
        (mean_and_sd(alone, n)[1], mean_and_sd(x, n)[1]),
    ):
        np.testing.assert_array_equal(one[:, 0], among[:, last + 1 - n])


def test_moments_equal_scipys_on_real_sizes() -> None:
    from scipy import stats

    x = np.random.default_rng(7).standard_t(4, (2, 300)) * 1e-4 + 1.0
    y = 0.6 * x + np.random.default_rng(8).normal(0.0, 1e-4, x.shape)
    mean, sd = mean_and_sd(x, 120)
    skew, kurtosis = skew_and_kurtosis(x, 120)
    last = x[:, -120:]
    assert mean[:, -1] == pytest.approx(last.mean(axis=1), rel=1e-12)
    assert sd[:, -1] == pytest.approx(last.std(axis=1), rel=1e-9)
    assert skew[:, -1] == pytest.approx(stats.skew(last, axis=1), rel=1e-7)
    assert kurtosis[:, -1] == pytest.approx(stats.kurtosis(last, axis=1), rel=1e-7)
    correlation, beta = correlation_and_beta(y, x, 120)
    fit = stats.linregress(last[0], y[0, -120:])
    assert correlation[0, -1] == pytest.approx(fit.rvalue, rel=1e-7)
    assert beta[0, -1] == pytest.approx(fit.slope, rel=1e-7)


def test_equal_values_deviate_by_exactly_nothing() -> None:
    assert (mean_and_sd(np.full((3, 50), 94321.7), 17)[1] == 0.0).all()
