"""Confidence intervals by the stationary block bootstrap: days that belong together stay together."""

from collections.abc import Callable

import numpy as np

from strandloom.indicators.frame import Floats

DRAWS = 2_000
BLOCK_DAYS = 5.0  # on average
LEVEL = 0.90
_FEWEST = 10  # days
SEED = 20_251_113

Statistic = Callable[[Floats], float | None]


def interval(returns: Floats, statistic: Statistic, *, seed: int = SEED) -> tuple[float, float] | None:
    """The middle nine tenths of what the statistic says of resampled days; None of too few days."""
    if returns.size < _FEWEST:
        return None
    rng = np.random.default_rng(seed)
    said = [statistic(returns[_places(rng, returns.size)]) for _ in range(DRAWS)]
    known = [value for value in said if value is not None]
    if len(known) < DRAWS // 2:
        return None
    low, high = np.quantile(known, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    return float(low), float(high)


def _places(rng: np.random.Generator, days: int) -> np.ndarray:
    """Blocks of random beginning and length, laid end to end round the circle of days."""
    fresh = rng.random(days) < 1.0 / BLOCK_DAYS
    fresh[0] = True
    start = np.flatnonzero(fresh)
    block = np.cumsum(fresh) - 1
    first = rng.integers(0, days, start.size)
    return np.asarray((first[block] + np.arange(days) - start[block]) % days)
