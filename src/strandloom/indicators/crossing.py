"""Each symbol against all others: the market's return, breadth, correlation, beta, lead and lag."""

import numpy as np

from strandloom.indicators.fold import rolling_sum
from strandloom.indicators.frame import Floats
from strandloom.indicators.moments import correlation_and_beta


def others_mean(step: Floats) -> Floats:
    """For each symbol the mean return of all *other* symbols that have one; NaN where there is none."""
    there = np.isfinite(step)
    total = _sum(np.where(there, step, 0.0))
    count = there.sum(axis=0)
    mean: Floats = (total - np.where(there, step, 0.0)) / (count - there)
    return mean


def breadth(step: Floats) -> Floats:
    """Share of symbols that rose less share that fell, −1..1, the same for every symbol."""
    there = np.isfinite(step)
    share = _sum(np.where(there, np.sign(step), 0.0)) / there.sum(axis=0)
    return np.where(there, share, np.nan)


def lead(step: Floats, market: Floats, bars: int) -> Floats:
    """Correlation with the market one bar later less that with the market one bar earlier.

    Above 0 the symbol moves first.  Looks back bars + 1 returns.
    """
    first, _ = correlation_and_beta(step[..., :-1], market[..., 1:], bars)
    last, _ = correlation_and_beta(step[..., 1:], market[..., :-1], bars)
    return first - last


def relative_strength(step: Floats, market: Floats, beta: Floats, bars: int) -> Floats:
    """Return over the last bars less beta times that of the market, as a fraction."""
    return rolling_sum(step, bars) - beta * rolling_sum(market, bars)


def _sum(x: Floats) -> Floats:
    """Sum over symbols in a tree of its own, so that it does not depend on how many bars there are."""
    return rolling_sum(x.T, x.shape[0])[..., 0]
