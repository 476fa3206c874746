"""Keys with blocks of different lengths are compared on the coarser grid."""

import numpy as np
import pytest

from strandloom.scoring.alike import CELLS, Past, alike
from strandloom.scoring.resonance import correlations
from tests.unit.scoring import twins

FIRST = 240_000


def past(block_s: int, returns: np.ndarray) -> Past:
    seen = np.flatnonzero(np.isfinite(returns))
    return Past(block_s=block_s, block=FIRST * 7_200 // block_s + seen, mean=returns[seen])


@pytest.mark.parametrize("seed", range(4))
def test_on_one_grid_it_is_the_plain_correlation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    returns = 0.6 * rng.normal(size=60) + rng.normal(size=(9, 60))
    returns[rng.random(returns.shape) < 0.3] = np.nan
    returns[3], returns[4], returns[5] = returns[2], 5.0, 3.0
    got = alike([past(7_200, row) for row in returns])
    np.testing.assert_allclose(got, correlations(returns), atol=1e-9)


def test_a_finer_key_is_averaged_onto_the_coarser_ones_blocks() -> None:
    rng = np.random.default_rng(1)
    fine = rng.normal(size=120)
    coarse = fine.reshape(40, 3).mean(axis=1) + rng.normal(0, 0.3, 40)
    got = alike([past(2_400, fine), past(7_200, coarse), past(2_400, fine)])
    assert got[0, 1] == pytest.approx(twins.pairwise(fine.reshape(40, 3).mean(axis=1), coarse))
    assert got[1, 0] == got[0, 1]
    assert got[0, 2] == 1.0


def test_only_the_newest_blocks_count() -> None:
    rng = np.random.default_rng(2)
    old, new = rng.normal(size=300), rng.normal(size=(2, CELLS))
    keys = [np.concatenate([old, row]) for row in new]
    assert alike([past(7_200, row) for row in keys])[0, 1] == pytest.approx(np.corrcoef(new)[0, 1])


def test_nobody_is_compared_where_nobody_is() -> None:
    empty = past(7_200, np.full(5, np.nan))
    assert alike([]).shape == (0, 0)
    np.testing.assert_array_equal(alike([empty, past(7_200, np.arange(5.0))]), np.eye(2))
