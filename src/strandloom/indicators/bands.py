"""Bands around the price: Bollinger's, and the channel of highs and lows."""

from strandloom.indicators.fold import rolling_max, rolling_min
from strandloom.indicators.frame import Floats
from strandloom.indicators.moments import mean_and_sd


def bollinger(close: Floats, period: int) -> tuple[Floats, Floats]:
    """Deviations of the close from its average, and the deviation as a share of the average."""
    mean, sd = mean_and_sd(close, period)
    return (close[..., period - 1 :] - mean) / sd, sd / mean


def channel(high: Floats, low: Floats, close: Floats, period: int) -> tuple[Floats, Floats]:
    """How far the close is above the high, and below the low, of the bars before it, as shares.

    Looks back period + 1 bars; above 0 is a breakout.
    """
    now = close[..., period:]
    top, bottom = rolling_max(high[..., :-1], period), rolling_min(low[..., :-1], period)
    return now / top - 1.0, bottom / now - 1.0


def place_in_range(x: Floats, period: int) -> Floats:
    """Where the newest value stands between the smallest (0) and the largest (1) of the last bars."""
    bottom = rolling_min(x, period)
    return (x[..., period - 1 :] - bottom) / (rolling_max(x, period) - bottom)
