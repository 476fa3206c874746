"""From bar to bar: changes, returns and true ranges."""

import numpy as np

from strandloom.indicators.frame import Floats

BPS = 1e4


def change(x: Floats, bars: int = 1) -> Floats:
    """x now less x so many bars ago."""
    return x[..., bars:] - x[..., :-bars]


def returns(close: Floats, bars: int = 1) -> Floats:
    """Simple return over so many bars, as a fraction."""
    return close[..., bars:] / close[..., :-bars] - 1.0


def true_range(high: Floats, low: Floats, close: Floats) -> Floats:
    """The bar's range, stretched to the close before; looks back two bars."""
    before = close[..., :-1]
    return np.maximum(high[..., 1:], before) - np.minimum(low[..., 1:], before)
