"""Every feature by name, and the one function that works them all out for any number of newest bars."""

from types import MappingProxyType

import numpy as np

from strandloom.indicators.features.family import Family
from strandloom.indicators.features.motion import MOTION
from strandloom.indicators.features.others import OTHERS
from strandloom.indicators.features.trend import TREND
from strandloom.indicators.features.volume import VOLUME
from strandloom.indicators.frame import Floats, Frame
from strandloom.indicators.rounding import six_digits

FAMILIES: tuple[Family, ...] = TREND + MOTION + VOLUME + OTHERS
SENTENCES = {name: sentence for family in FAMILIES for name, sentence in family.features.items()}
FAMILY = {name: family for family in FAMILIES for name in family.features}
NAMES = tuple(SENTENCES)
NUMBER = MappingProxyType({name: number for number, name in enumerate(NAMES)})


def longest_lookback(bar_minutes: int) -> int:
    """Bars that the most patient feature of that timeframe depends on."""
    return max(family.lookback(bar_minutes) for family in FAMILIES if family.only in (None, bar_minutes))


def features(frame: Frame, columns: int) -> Floats:
    """[bar × feature × symbol] for the newest `columns` bars; NaN where a value lacks bars of its look-back.

    Each family sees exactly the bars that it depends on, so no value can depend on others.
    """
    out = np.full((columns, len(NAMES), frame.close.shape[0]), np.nan)
    with np.errstate(all="ignore"):
        row = 0
        for family in FAMILIES:
            for number, value in enumerate(newest(family, frame, columns), row):
                out[columns - value.shape[-1] :, number] = value.T
            row += len(family.features)
        return six_digits(out)


def newest(family: Family, frame: Frame, columns: int) -> list[Floats]:
    """Each feature of a family as [symbol × bar] for as many of the newest `columns` bars as have one."""
    needed = family.lookback(frame.minutes)
    possible = min(columns, len(frame) - needed + 1)
    if possible < 1 or family.only not in (None, frame.minutes):
        return []
    values = family.compute(frame.tail(needed + possible - 1))
    return [value[..., -possible:] for value in values]
