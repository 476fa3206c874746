"""Averages with a finite memory, each equal to TA-Lib's on exactly its bars."""

from strandloom.indicators.fold import decayed_sum, rolling_mean
from strandloom.indicators.frame import Floats

MEMORY = 8  # periods that a recursive average looks back


def sma(x: Floats, period: int) -> Floats:
    """Simple average; looks back `period` bars."""
    return rolling_mean(x, period)


def ema(x: Floats, period: int) -> Floats:
    """Exponential average with smoothing 2/(period+1); looks back 8 periods."""
    return _recursive(x, period, 2.0 / (period + 1))


def wilder(x: Floats, period: int) -> Floats:
    """Wilder's average, smoothing 1/period; looks back 8 periods."""
    return _recursive(x, period, 1.0 / period)


def recursive_lookback(period: int) -> int:
    """Bars that an exponential or Wilder average of that period looks back."""
    return MEMORY * period


def _recursive(x: Floats, period: int, smoothing: float) -> Floats:
    """Seeded with the simple average of the oldest period, as TA-Lib seeds it, then smoothed bar by bar."""
    window = recursive_lookback(period)
    steps = window - period
    keep = 1.0 - smoothing
    outputs = max(0, x.shape[-1] - window + 1)
    seed = rolling_mean(x[..., : outputs + period - 1], period)
    smoothed = decayed_sum(x[..., period:], keep, steps)
    return smoothing * smoothed + keep**steps * seed
