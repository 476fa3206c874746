"""How far below its own high an equity curve fell, and how long it stayed there."""

import numpy as np

from strandloom.indicators.frame import Floats


def drawdowns(equity: Floats) -> Floats:
    """At every point the share that is missing to the highest point so far."""
    high = np.maximum.accumulate(equity)
    return np.asarray(1.0 - equity / high, dtype=np.float64)


def deepest(equity: Floats) -> float:
    """The largest of them; 0 for a curve that never falls."""
    return float(drawdowns(equity).max()) if equity.size else 0.0


def longest(equity: Floats) -> int:
    """The most points in a row below an earlier high, the end of the curve ending the last stretch."""
    below = np.concatenate([[False], drawdowns(equity) > 0.0, [False]])
    edges = np.flatnonzero(np.diff(below.astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max()) if edges.size else 0
