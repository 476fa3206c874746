"""How much returns move: realised volatility, variance ratio, autocorrelation."""

import numpy as np

from strandloom.indicators.fold import rolling_mean, rolling_sum
from strandloom.indicators.frame import Floats


def realised(step: Floats, bars: int) -> Floats:
    """Root mean square of the last returns: volatility per bar, as a fraction."""
    return np.sqrt(rolling_mean(step * step, bars))


def variance_ratio(step: Floats, horizon: int, bars: int) -> Floats:
    """Variance of overlapping `horizon`-bar sums over that of single bars: above 1 trends, below 1 reverts.

    Looks back `bars` returns.
    """
    sums = rolling_sum(step, horizon)
    long = rolling_mean(sums * sums, bars - horizon + 1)
    return long / (horizon * rolling_mean(step * step, bars))


def autocorrelation(step: Floats, bars: int) -> Floats:
    """Correlation of neighbouring returns about zero over the last `bars` of them."""
    together = rolling_sum(step[..., 1:] * step[..., :-1], bars - 1)
    return together / rolling_sum(step * step, bars)


def efficiency(step: Floats, bars: int) -> Floats:
    """Net move over the distance travelled, −1..1: 1 is a straight line up."""
    return rolling_sum(step, bars) / rolling_sum(np.abs(step), bars)
