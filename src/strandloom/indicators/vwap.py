"""Volume-weighted average price since the UTC day began."""

import numpy as np

from strandloom.indicators.frame import Floats, Minutes


def vwap(at: Minutes, bar_minutes: int, typical: Floats, volume: Floats) -> Floats:
    """Average of `typical` weighted by volume from midnight UTC; looks back a whole day of bars.

    Sums run on from midnight, one bar after the other, so it does not matter where a pass begins.
    """
    per_day = 1_440 // bar_minutes
    of_day = (at // bar_minutes) % per_day
    value, weight = typical * volume, volume
    pieces = []
    stop = len(at)
    while stop > per_day - 1:
        start = max(0, stop - 1 - int(of_day[stop - 1]))
        pieces.append(_running(value[..., start:stop]) / _running(weight[..., start:stop]))
        stop = start
    joined = np.concatenate(pieces[::-1], axis=-1) if pieces else value[..., :0]
    return joined[..., max(0, per_day - 1 - stop) :]


def _running(x: Floats) -> Floats:
    return np.add.accumulate(x, axis=-1)
