"""Timeframes by name, and minutes rolled up into them, exactly and anchored in UTC."""

from collections.abc import Mapping

import numpy as np

from strandloom.indicators.fold import fold
from strandloom.indicators.frame import Floats, Minutes

MINUTES = {"1m": 1, "5m": 5, "15m": 15, "30m": 30, "1h": 60, "4h": 240, "1d": 1_440}
ROLLED = tuple(name for name in MINUTES if name != "1m")
_SUMMED = ("volume", "trades", "quote_volume")


def closes_with(timeframe: str, minute: int) -> bool:
    """Does a bar of that timeframe close when this minute closes?"""
    return (minute + 1) % MINUTES[timeframe] == 0


def roll_up(at: Minutes, columns: Mapping[str, Floats], minutes: int) -> tuple[Minutes, dict[str, Floats]]:
    """Minutes without a missing column → whole bars of that length; what sticks out at either end is left.

    Open of the first minute, extremes, sum of volumes, the last of everything else: what the database's own
    roll-up says of bars that have all their minutes.  A bar that lacks one is not known: NaN.
    """
    first = int(-at[0] % minutes) if len(at) else 0
    bars = max(0, (len(at) - first) // minutes)
    kept = slice(first, first + bars * minutes)
    grouped = {name: _grouped(column[:, kept], bars, minutes) for name, column in columns.items()}
    blank = 0.0 * _merged(np.maximum, grouped["close"])
    rolled = {name: _rolled(name, groups) + blank for name, groups in grouped.items()}
    return at[kept][::minutes], rolled


def _grouped(column: Floats, bars: int, minutes: int) -> Floats:
    return column.reshape(column.shape[0], bars, minutes)


def _rolled(name: str, groups: Floats) -> Floats:
    if name == "high":
        return _merged(np.maximum, groups)
    if name == "low":
        return _merged(np.minimum, groups)
    if name in _SUMMED:
        return np.add.accumulate(groups, axis=-1)[..., -1]  # one after the other, as the database adds
    return groups[..., 0] if name == "open" else groups[..., -1]


def _merged(join: np.ufunc, groups: Floats) -> Floats:
    """In the fixed tree, so that a bar has the same bits rolled up alone or among a year of them."""
    merged = fold((groups,), groups.shape[-1], lambda older, newer, _, __: (join(older[0], newer[0]),))
    return merged[0][..., 0]
