"""λ stays 0 until leaning on resonance has paid where it was not chosen."""

import numpy as np
import pytest

from strandloom.scoring.ablation import ablate, lean

DAY_S = 86_400


def outcomes(seed: int, worth_bps: float, days: int = 90) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    n = 40 * days
    opened = np.sort(rng.integers(0, days * DAY_S, n))
    resonance = rng.beta(2, 5, n)
    return opened, rng.normal(0, 30, n) + worth_bps * (resonance - resonance.mean()), resonance


def test_where_resonance_is_worth_nothing_a_gain_is_rarely_shown() -> None:
    shown = [ablate(*outcomes(seed, 0.0)).lam > 0 for seed in range(200)]
    assert np.mean(shown) < 0.10


def test_where_it_is_worth_something_the_gain_is_shown_with_its_bound() -> None:
    verdicts = [ablate(*outcomes(seed, 60.0)) for seed in range(20)]
    assert all(v.lam == v.tried > 0 for v in verdicts)
    assert all(
        v.gain_bps is not None and v.gain_low is not None and 0 < v.gain_low < v.gain_bps for v in verdicts
    )


def test_few_days_show_nothing() -> None:
    verdict = ablate(*outcomes(1, 60.0, days=20))
    assert verdict.lam == 0.0 and verdict.n_blocks <= 11


@pytest.mark.parametrize("n", [0, 1])
def test_without_outcomes_nothing_is_said(n: int) -> None:
    empty = np.zeros(n)
    assert ablate(empty.astype(np.int64), empty, empty).lam == 0.0


def test_leaning_stays_within_its_bounds_and_unknown_resonance_changes_nothing() -> None:
    assert lean(None, 1.0, 0.3) == lean(0.3, 1.0, None) == lean(0.9, 0.0, 0.3) == 1.0
    assert lean(1.0, 2.0, 0.2) == 1.2
    assert lean(0.0, 2.0, 0.9) == 0.8
    assert lean(0.4, 1.0, 0.3) == pytest.approx(1.1)
