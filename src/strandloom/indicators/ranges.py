"""How far prices range: average true range and the directional movement built on it."""

import numpy as np

from strandloom.indicators.averages import recursive_lookback, wilder
from strandloom.indicators.frame import Floats
from strandloom.indicators.steps import change, true_range


def atr_lookback(period: int) -> int:
    """Bars that the average true range looks back."""
    return recursive_lookback(period) + 1


def atr(high: Floats, low: Floats, close: Floats, period: int) -> Floats:
    """Average true range in price units."""
    return wilder(true_range(high, low, close), period)


def adx_lookback(period: int) -> int:
    """Bars that the ADX looks back: 8 periods of DX, each of 8 periods of movement."""
    return 2 * recursive_lookback(period)


def adx(high: Floats, low: Floats, period: int) -> tuple[Floats, Floats]:
    """ADX, 0..100, and the directional balance (+DI − −DI)/(+DI + −DI), −1..1; 0 where nothing moved."""
    up, down = change(high), -change(low)
    plus = wilder(np.where((up > down) & (up > 0.0), up, up * 0.0), period)
    minus = wilder(np.where((down > up) & (down > 0.0), down, down * 0.0), period)
    both = plus + minus
    balance = np.where(both == 0.0, 0.0, (plus - minus) / both)
    strength = wilder(100.0 * np.abs(balance), period)
    return strength, balance[..., recursive_lookback(period) - 1 :]
