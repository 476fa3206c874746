"""The same points by arithmetic rather than by the gate's own code: what no simulation can talk away."""

import numpy as np
from scipy.special import ndtr, stdtr

from strandloom.scoring import gate
from strandloom.scoring.demotion import ALPHA, BET, CLIP
from tests.simulated.blocks import SD_BPS, edge_bps

DRAWS = 1_000_000
FINENESS = 0.01  # of the log of the doubter's wealth
DEEPEST = -12.0


def alone(hits: float, m: int, seed: int) -> float:
    """Power for the one real candidate, judged alone at q / m by plain t tests at the four looks.

    Blocks enter only as sums and squares, and Hall's correction, which can but raise a p, is left out: the
    gate finds no more than this, but for the little that a false promotion beside it lends.
    """
    rng = np.random.default_rng(seed)
    edge = edge_bps(hits) / SD_BPS
    n = 0
    sums, squares, passed = np.zeros(DRAWS), np.zeros(DRAWS), np.zeros(DRAWS, dtype=np.bool_)
    for blocks, weight in zip(gate.LOOKS, gate.LOOK_WEIGHTS, strict=True):
        more = blocks - n
        fresh = rng.normal(more * edge, more**0.5, DRAWS)
        squares += rng.chisquare(more - 1, DRAWS) + fresh**2 / more
        sums, n = sums + fresh, blocks
        t = sums / np.sqrt((squares - sums**2 / n) * n / (n - 1))
        passed |= stdtr(n - 1, -t) <= weight * gate.Q / m
    return float(passed.mean())


def noticed(claim: float, truth: float, blocks: int, bet: float = BET) -> float:
    """How likely the doubter is through within so many blocks; claim and truth in standard deviations.

    The distribution of the log of his wealth is carried on from block to block, with no draw at all.
    """
    top = -np.log(ALPHA)
    grid = np.arange(top - FINENESS / 2, DEEPEST, -FINENESS)[::-1]
    at = int(np.searchsorted(grid, 0.0))
    law = np.zeros(grid.size)
    law[at] = 1.0
    edges = np.append(grid - FINENESS / 2, grid[-1] + FINENESS / 2)
    moves = np.vstack([_below(edges - w, claim, truth, bet) for w in grid])  # P(next wealth < edge | w)
    steps = np.diff(moves, axis=1)
    steps[:, 0] += moves[:, 0]
    for _ in range(blocks):
        law = law @ steps
    return float(1.0 - law.sum())


def _below(step: np.ndarray, claim: float, truth: float, bet: float) -> np.ndarray:
    """P(log(1 + bet·(claim − x)) < step) for a clipped normal x."""
    x = claim - np.expm1(step) / bet
    return np.where(x >= CLIP, 0.0, np.where(x < -CLIP, 1.0, ndtr(truth - x)))
