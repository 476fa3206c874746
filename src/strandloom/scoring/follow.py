"""Following a prediction bar by bar to its one outcome, without wishful thinking."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import floor, inf, log10
from typing import Literal

from strandloom.basics.quick import quick
from strandloom.scoring.costs import BPS, CostModel

MINUTE_S = 60
SIGNIFICANT_FIGURES = 5

ClosedBy = Literal["target", "stop", "expiry", "drawdown"]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """What was fixed when the prediction was posted."""

    up: bool
    target: float
    stop: float
    opens_s: int
    expires_s: int
    max_drawdown_bps: float | None = None
    half_spread_bps: float
    slippage_bps: float


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Neighbouring minutes of one symbol, column by column in plain numbers."""

    first_s: int  # when the first of them opens
    open: Sequence[float]
    high: Sequence[float]
    low: Sequence[float]
    close: Sequence[float]
    volume: Sequence[float]  # not above 0: halted, missing or filled flat, so nothing fills
    funding: Sequence[tuple[int, float]] = ()  # the places of minutes that are charged a rate, and the rate


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The end of one prediction."""

    name: Hashable
    at_s: int
    entry: float
    exit: float
    by: ClosedBy
    ambiguous: bool
    gross_bps: float
    r_bps: float


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """Nothing could have been bought at the opening, so there is no outcome."""

    name: Hashable
    at_s: int


def tick(price: float) -> float:
    """The smallest price step of a venue that quotes five significant figures."""
    return float(10.0 ** (floor(log10(price)) - SIGNIFICANT_FIGURES + 1))


class Following:
    """How far one prediction has come.  The answer depends on levels and bars only, not on when one asks."""

    __slots__ = (
        "_best",
        "_costs",
        "_entry",
        "_paid_bps",
        "_side",
        "above",
        "below",
        "levels",
        "name",
        "next_s",
    )

    def __init__(self, name: Hashable, levels: Levels, costs: CostModel) -> None:
        self.name = name
        self.levels = levels
        self.next_s = levels.opens_s  # the first minute that it has not seen
        self._costs = costs
        self._side = 1.0 if levels.up else -1.0
        beyond = levels.target + self._side * tick(levels.target)  # to be touched only is not enough
        self.below, self.above = (levels.stop, beyond) if levels.up else (beyond, levels.stop)
        self._entry: float | None = None
        self._best = -inf  # the best price so far, signed by side
        self._paid_bps = 0.0  # funding so far

    def through(self, stretch: Stretch) -> Closed | Void | None:
        """Move on by those of the minutes that it has not seen; its end, if it is among them."""
        begins, stops = max(0, (self.next_s - stretch.first_s) // MINUTE_S), len(stretch.volume)
        if begins >= stops:
            return None
        if self._entry is None:
            if not stretch.volume[begins] > 0.0:
                return Void(name=self.name, at_s=stretch.first_s + begins * MINUTE_S)
            self._entry = float(stretch.open[begins])
        at, by = self._end(stretch, begins, stops)
        for place, rate in stretch.funding:
            if begins <= place <= at and stretch.volume[place] > 0.0:
                self._paid_bps += self._side * rate * BPS
        self.next_s = stretch.first_s + stops * MINUTE_S
        return None if by is None else self._closed(stretch, at, by, self._entry)

    def _end(self, stretch: Stretch, begins: int, stops: int) -> tuple[int, ClosedBy | None]:
        """The first minute that ends it, and why; the last of all where none does."""
        low, high, volume, below, above = stretch.low, stretch.high, stretch.volume, self.below, self.above
        limit_bps = self.levels.max_drawdown_bps
        last = -((stretch.first_s - self.levels.expires_s) // MINUTE_S) - 1
        for at in range(begins, stops):
            if not volume[at] > 0.0:
                continue
            if low[at] <= below or high[at] >= above:
                stopped = low[at] <= below if self.levels.up else high[at] >= above
                return at, "stop" if stopped else "target"
            if limit_bps is not None and self._fallen_bps(stretch, at) >= limit_bps:
                return at, "drawdown"
            if at >= last:
                return at, "expiry"
        return stops - 1, None

    def _fallen_bps(self, stretch: Stretch, at: int) -> float:
        """How far the close is from the best price so far, which this minute may have bettered."""
        along = stretch.high if self.levels.up else stretch.low
        self._best = max(self._best, self._side * along[at])
        return self._side * (1.0 - stretch.close[at] / (self._side * self._best)) * BPS

    def _closed(self, stretch: Stretch, at: int, by: ClosedBy, entry: float) -> Closed:
        side, levels = self._side, self.levels
        exit_at = float(stretch.close[at])
        if by == "stop":
            exit_at = side * min(side * levels.stop, side * float(stretch.open[at]))
        elif by == "target":
            exit_at = entry if side * (entry - levels.target) >= 0 else levels.target
        gross = side * (exit_at / entry - 1.0) * BPS
        crossing = self._costs.taker_bps(levels.half_spread_bps, levels.slippage_bps)
        leaving = self._costs.maker_bps() if by == "target" else crossing
        return Closed(
            name=self.name,
            at_s=stretch.first_s + (at + 1) * MINUTE_S,
            entry=entry,
            exit=exit_at,
            by=by,
            ambiguous=bool(stretch.low[at] <= self.below and stretch.high[at] >= self.above),
            gross_bps=gross,
            r_bps=gross - (crossing + self._paid_bps) - leaving,
        )
