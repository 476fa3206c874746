"""The classic oscillators: RSI, MACD, stochastic, money flow, each equal to TA-Lib's on exactly its bars."""

import numpy as np

from strandloom.indicators.averages import ema, recursive_lookback, wilder
from strandloom.indicators.fold import rolling_max, rolling_min, rolling_sum
from strandloom.indicators.frame import Floats
from strandloom.indicators.steps import change


def rsi_lookback(period: int) -> int:
    """Bars that RSI looks back: 8 periods of changes."""
    return recursive_lookback(period) + 1


def rsi(close: Floats, period: int) -> Floats:
    """Relative strength, 0..100; 50 where nothing moved."""
    step = change(close)
    up = wilder(np.maximum(step, 0.0), period)
    both = up + wilder(np.maximum(-step, 0.0), period)
    return np.where(both == 0.0, 50.0, 100.0 * (up / both))


def macd_lookback(slow: int, signal: int) -> int:
    """Bars that the MACD's signal line looks back."""
    return recursive_lookback(slow) + recursive_lookback(signal) - 1


def macd(close: Floats, fast: int, slow: int, signal: int) -> tuple[Floats, Floats]:
    """The MACD line and its signal line, in price units."""
    wait = recursive_lookback(slow) - recursive_lookback(fast)
    line = ema(close[..., wait:], fast) - ema(close, slow)
    return line[..., recursive_lookback(signal) - 1 :], ema(line, signal)


def stochastic(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Where the close stands in the range of the last bars, 0..1; looks back `period` bars."""
    top, bottom = rolling_max(high, period), rolling_min(low, period)
    return (close[..., period - 1 :] - bottom) / (top - bottom)


def money_flow(high: Floats, low: Floats, close: Floats, volume: Floats, period: int) -> Floats:
    """Money flow index, 0..100: turnover on bars whose typical price rose; looks back period + 1."""
    typical = (high + low + close) / 3.0
    step = change(typical)
    turnover = (typical * volume)[..., 1:] + 0.0 * step
    up = rolling_sum(np.where(step > 0.0, turnover, 0.0 * turnover), period)
    down = rolling_sum(np.where(step < 0.0, turnover, 0.0 * turnover), period)
    return 100.0 * (up / (up + down))
