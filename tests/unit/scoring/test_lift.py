"""Lift: the difference between chains with lessons and held-out ones covers the truth as often as it says."""

import numpy as np

from strandloom.scoring.lift import lift

BLOCK_S = 3_600


def drawn(seed: int, better_bps: float, n: int = 2_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    opened = np.arange(n, dtype=np.int64) * 1_200
    held_out = rng.random(n) < 0.1
    values = rng.normal(0, 30, n) + np.where(held_out, 0.0, better_bps)
    return opened, values, held_out


def test_the_interval_covers_the_truth_in_nine_runs_of_ten() -> None:
    found = [lift(*drawn(seed, 4.0), BLOCK_S) for seed in range(300)]
    covered = np.mean([x is not None and x.low <= 4.0 <= x.high for x in found])
    assert 0.85 <= covered <= 0.95


def test_with_few_held_out_chains_nothing_is_said() -> None:
    opened, values, held_out = drawn(1, 4.0, n=40)
    assert lift(opened, values, held_out, BLOCK_S) is None
    assert lift(opened[:0], values[:0], held_out[:0], BLOCK_S) is None


def test_it_tells_how_many_stand_behind_each_side() -> None:
    opened, values, held_out = drawn(2, 0.0)
    found = lift(opened, values, held_out, BLOCK_S)
    assert found is not None
    assert (found.shown, found.held_out) == (int((~held_out).sum()), int(held_out.sum()))
