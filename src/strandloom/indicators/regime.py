"""Regime: trend × volatility with hysteresis, worked out anew over a fixed span of bars."""

from math import isnan

import numpy as np

from strandloom.indicators.fold import rolling_max
from strandloom.indicators.frame import Flags, Floats

TRENDS = ("down", "flat", "up")
VOLATILITIES = ("quiet", "normal", "wild")
REGIMES = tuple(f"{trend}_{volatility}" for trend in TRENDS for volatility in VOLATILITIES)


def held(enter: Flags, leave: Flags, known: Flags, span: int) -> Floats:
    """1 from a bar with `enter` until one with `leave`, over the last `span` bars; NaN where one is unknown.

    Hysteresis without memory: the later of the last entry and the last exit within the span decides.
    """
    number = np.arange(1.0, enter.shape[-1] + 1)
    entered = rolling_max(np.where(enter, number, 0.0), span)
    left = rolling_max(np.where(leave, number, 0.0), span)
    blank = rolling_max(np.where(known, 0.0, np.nan), span)
    return np.where(entered > left, 1.0, 0.0) + blank


def three_way(x: Floats, inner: float, outer: float, span: int) -> Floats:
    """−1, 0 or 1: beyond ±outer it switches on, back inside ±inner it switches off."""
    known = np.isfinite(x)
    up = held(x > outer, x < inner, known, span)
    return up - held(x < -outer, x > -inner, known, span)


def name(number: float) -> str | None:
    """The regime's name, or None where it is not known."""
    return None if isnan(number) else REGIMES[int(number)]
