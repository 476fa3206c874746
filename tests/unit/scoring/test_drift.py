"""The drift baseline agrees with counting every entry by hand, and never looks ahead."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.scoring.drift import FEWEST_ENTRIES, WINDOW_MIN, Drift

FIRST = 29_000_160


def by_hand(close: np.ndarray, session: np.ndarray, opened: int, holding: int, here: int) -> float | None:
    """Every entry minute, one after the other."""
    price = close.copy()
    for i in range(1, price.size):
        if np.isnan(price[i]):
            price[i] = price[i - 1]
    found = []
    for entry in range(max(opened - FIRST - WINDOW_MIN, 0), opened - FIRST):
        after = entry + holding
        if after < min(opened - FIRST, price.size) and session[entry] == here and not np.isnan(price[entry]):
            found.append(np.log(price[after] / price[entry]) * 10_000)
    return float(np.mean(found)) if len(found) >= FEWEST_ENTRIES else None


@given(
    seed=st.integers(0, 10_000),
    opened=st.integers(100, 900),
    holding=st.integers(1, 120),
    here=st.integers(0, 2),
    lost=st.floats(0, 0.3),
)
def test_it_is_the_mean_over_all_entries_of_the_same_session(
    seed: int, opened: int, holding: int, here: int, lost: float
) -> None:
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(1e-5, 4e-4, 800)))
    close[rng.random(800) < lost] = np.nan
    session = np.arange(800) // 97 % 3
    found = Drift.of(FIRST, close, session).baseline_bps(FIRST + opened, holding, here)
    expected = by_hand(close, session, FIRST + opened, holding, here)
    if expected is None:
        assert found is None
    else:
        assert found == pytest.approx(expected, abs=1e-6)


def test_nothing_that_comes_after_the_opening_changes_it() -> None:
    close = 100 * np.exp(np.cumsum(np.full(2_000, 1e-4)))
    session = np.zeros(2_000, dtype=np.int64)
    told = Drift.of(FIRST, close, session).baseline_bps(FIRST + 1_000, 30, 0)
    close[1_000:] = 1.0
    assert Drift.of(FIRST, close, session).baseline_bps(FIRST + 1_000, 30, 0) == told
    assert told == pytest.approx(30.0)


def test_without_prices_there_is_no_baseline() -> None:
    none = np.full(500, np.nan)
    assert Drift.of(FIRST, none, np.zeros(500, dtype=np.int64)).baseline_bps(FIRST + 400, 5, 0) is None
