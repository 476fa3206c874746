"""Norms from trailing data only: against the bars before, and against the same time of earlier days."""

from functools import reduce

import numpy as np

from strandloom.indicators.fold import rolling_mean
from strandloom.indicators.frame import Floats
from strandloom.indicators.moments import mean_and_sd


def z_of_newest(x: Floats, bars: int) -> Floats:
    """The newest value in deviations from the `bars` values before it; looks back bars + 1."""
    mean, sd = mean_and_sd(x[..., :-1], bars)
    return (x[..., bars:] - mean) / sd


def same_time_lookback(per_day: int, days: int, half_width: int) -> int:
    """Bars that `same_time_mean` looks back."""
    return per_day * days + half_width + 1


def same_time_mean(x: Floats, per_day: int, days: int, half_width: int) -> Floats:
    """Mean over earlier days of the bars within `half_width` of the same time of day; today is left out."""
    width = 2 * half_width + 1
    outputs = x.shape[-1] - same_time_lookback(per_day, days, half_width) + 1
    starts = [(days - day) * per_day for day in range(1, days + 1)]
    means = [rolling_mean(x[..., start : start + outputs + width - 1], width) for start in starts]
    return np.divide(reduce(np.add, means), days)
