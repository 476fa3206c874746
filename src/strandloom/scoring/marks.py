"""Marks beside resonance: how new, how surprising, how lasting, and how worth choosing a pattern is."""

import numpy as np
from scipy.special import betaincinv

from strandloom.scoring.evidence import Floats
from strandloom.scoring.nulls import Sample, lower_bound

WINDOW_BLOCKS = 20


def novelty(vector: Floats, known: Floats, known_novelty: Floats) -> float | None:
    """1 − the highest cosine to what is known, as a percentile among the known ones' own; None if none is."""
    norm = float(np.linalg.norm(vector))
    if not known.shape[0] or norm == 0.0:
        return None
    lengths = np.linalg.norm(known, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.nan_to_num(known @ vector / (lengths * norm))
    distance = 1.0 - float(cosine.max())
    if not known_novelty.size:
        return min(max(distance, 0.0), 1.0)
    below = (known_novelty < distance).sum() + 0.5 * (known_novelty == distance).sum()
    return float(below / known_novelty.size)


def surprise(r_bps: float, earlier: Floats, n_blocks: int) -> float | None:
    """2·|PIT − ½| of an outcome among the key's earlier ones (mid-rank); None under 20 blocks."""
    if n_blocks < WINDOW_BLOCKS or not earlier.size or not np.isfinite(r_bps):
        return None
    rank = (earlier < r_bps).sum() + 0.5 * (earlier == r_bps).sum()
    return float(2.0 * abs(rank / earlier.size - 0.5))


def persistence(block_means: Floats) -> float | None:
    """10 % lower bound of the probability that a window's sign holds in the next; None under two windows."""
    windows = block_means.size // WINDOW_BLOCKS
    if windows < 2:
        return None
    means = block_means[: windows * WINDOW_BLOCKS].reshape(windows, WINDOW_BLOCKS).mean(axis=1)
    held = int((np.sign(means[1:]) == np.sign(means[:-1])).sum())
    return float(betaincinv(0.5 + held, 0.5 + windows - 1 - held, 0.10))


def selection(net: Sample, persistence_k: float | None, corr_row: Floats) -> float:
    """S: the 10 % lower bound of net bps, for what lasts and stands alone within its scope level."""
    if persistence_k is None or net.n < 2:
        return 0.0
    alone = 1.0 - (float(np.abs(corr_row).max()) if corr_row.size else 0.0)
    return max(0.0, lower_bound(net, 0.10)) * persistence_k * alone
