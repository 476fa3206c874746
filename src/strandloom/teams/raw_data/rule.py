"""What a pattern is: a signed strength in standard deviations, thresholds, and how long it should matter."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from strandloom.indicators.features.rows import Rows
from strandloom.indicators.frame import DAY_MINUTES, Floats

LAG = 4  # bars that a strength may look back beside its features


class Seen:
    """Features of neighbouring bars as attributes, each [bar × symbol]."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __getattr__(self, name: str) -> Floats:
        return self._rows[name][LAG:]

    def before(self, name: str, bars: int) -> Floats:
        """The same feature so many bars earlier, at most LAG."""
        return self._rows[name][LAG - bars : len(self._rows) - bars]


def in_sds(move: Floats, volatility: Floats, bars: int) -> Floats:
    """A move over so many bars, in standard deviations of a walk of that volatility per bar."""
    sds: Floats = move / (volatility * bars**0.5)
    return sds


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One pattern.  It begins beyond ±enter and ends inside ±leave, or when it was not renewed for a while.

    What happens in one bar has `leave` 0: it ends with its opposite or after `lasts_bars`.
    """

    name: str  # family.what
    sentence: str  # for people: what it is, and why it should matter
    formula: str  # for people: when it begins
    strength: Callable[[Seen], Floats]  # above 0 is up; 0 or NaN where its conditions are not met
    enter: float
    leave: float
    horizon_bars: int
    lasts_bars: int = 59  # at most, since it was last beyond ±enter
    quotes: tuple[str, ...]  # features that are told along with it
    directional: bool = True
    reach: float = 1.0  # target and stop, in standard deviations of the horizon
    version: int = 1

    @property
    def family(self) -> str:
        """The part of the name before the dot."""
        return self.name.split(".")[0]

    def horizon_min(self, bar_minutes: int) -> int:
        """How long it should matter on bars of that length: at most a day."""
        return min(self.horizon_bars * bar_minutes, DAY_MINUTES)


def only_where(condition: np.ndarray, strength: Floats) -> Floats:
    """The strength where the condition holds, 0 elsewhere."""
    return np.where(condition, strength, 0.0)
