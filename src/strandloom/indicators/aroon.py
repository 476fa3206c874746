"""Aroon from TA-Lib itself: it compares and counts without a running sum, so its own pass is exact."""

import numpy as np
import talib

from strandloom.indicators.fold import rolling_max
from strandloom.indicators.frame import Floats


def aroon(high: Floats, low: Floats, bars: int) -> Floats:
    """How recent the highest high is against the lowest low, −100..100; looks back bars + 1.

    Windows with a hole in them are blanked, whatever TA-Lib makes of them.
    """
    tops, bottoms = np.ascontiguousarray(high), np.ascontiguousarray(low)
    out = np.full(tops.shape, np.nan)
    for symbol in np.flatnonzero(np.isfinite(tops).any(axis=1)):
        out[symbol] = talib.AROONOSC(tops[symbol], bottoms[symbol], bars)
    whole = rolling_max(tops, bars + 1)
    return out[..., bars:] + 0.0 * whole
