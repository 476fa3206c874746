"""Following predictions bar by bar to their one outcome each, without wishful thinking, all at once."""

from collections.abc import Hashable
from dataclasses import dataclass
from math import floor, inf, log10, nan
from typing import Literal

import numpy as np

from strandloom.basics.quick import quick
from strandloom.scoring.costs import BPS, CostModel
from strandloom.scoring.evidence import Bools, Floats, Ints

MINUTE_S = 60
SIGNIFICANT_FIGURES = 5

ClosedBy = Literal["target", "stop", "expiry", "drawdown"]


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
    """Neighbouring minutes of every symbol as [symbol × minute], in the follower's order of symbols."""

    at_s: Ints  # open times
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    traded: Bools  # False: halted, missing or filled flat, so nothing fills
    funding: Floats  # rate charged at a minute, 0 where none is

    def only(self, at: int) -> "Stretch":
        """One of the minutes."""
        cut = slice(at, at + 1)
        return Stretch(
            at_s=self.at_s[cut],
            open=self.open[:, cut],
            high=self.high[:, cut],
            low=self.low[:, cut],
            close=self.close[:, cut],
            traded=self.traded[:, cut],
            funding=self.funding[:, cut],
        )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """Nothing could have been bought at the opening, so there is no outcome."""

    name: Hashable
    at_s: int


def tick(price: float) -> float:
    """The smallest price step of a venue that quotes five significant figures."""
    return float(10.0 ** (floor(log10(price)) - SIGNIFICANT_FIGURES + 1))


# The columns of a follower's state, one row of numbers each.
(
    _SIDE,
    _TARGET,
    _THROUGH,
    _STOP,
    _OPENS,
    _EXPIRES,
    _DRAWDOWN,
    _ENTRY,
    _RUN,  # the best price so far, signed by side
    _FUNDING,
    _ENTERING,
    _LEAVING,
) = range(12)


class Follower:
    """All open predictions as columns.  The answer depends on levels and bars only, not on when one asks."""

    def __init__(self, costs: CostModel) -> None:
        self._costs = costs
        self._names: list[Hashable] = []
        self._state: Floats = np.empty((12, 0))
        self._symbol: Ints = np.empty(0, dtype=np.int64)
        self._waiting: list[tuple[Hashable, int, Levels]] = []

    def __len__(self) -> int:
        return len(self._names) + len(self._waiting)

    def add(self, name: Hashable, symbol: int, levels: Levels) -> None:
        """Follow one more prediction from the next minute on."""
        self._waiting.append((name, symbol, levels))

    def absorb(self, other: "Follower") -> None:
        """Go on with what another one has followed up to the same minute."""
        self._take_in()
        other._take_in()
        self._state = np.hstack([self._state, other._state])
        self._symbol = np.concatenate([self._symbol, other._symbol])
        self._names.extend(other._names)

    def through(self, stretch: Stretch) -> list[Closed | Void]:
        """Move on by these minutes; what ended, minute by minute in the order in which it was added."""
        self._take_in()
        ended: list[Closed | Void] = []
        at = 0
        while at < stretch.at_s.size and self._names:
            at = self._next(stretch, at, ended)
        return ended

    def _next(self, stretch: Stretch, begins: int, ended: list[Closed | Void]) -> int:
        """Move on to the first minute in which something ends, and past it."""
        state, symbol, at_s = self._state, self._symbol, stretch.at_s[begins:]
        low, high = stretch.low[symbol, begins:], stretch.high[symbol, begins:]
        traded = stretch.traded[symbol, begins:]
        void = self._enter(stretch, begins, traded)
        side = state[_SIDE][:, None]
        against, along = np.where(side > 0, low, high), np.where(side > 0, high, low)
        live = (at_s >= state[_OPENS][:, None]) & traded
        stopped = live & (side * (against - state[_STOP][:, None]) <= 0)
        reached = live & (side * (along - state[_THROUGH][:, None]) >= 0)
        run, fallen = self._fallen(stretch.close[symbol, begins:], side * along, live)
        ends = stopped | reached | fallen | (live & (at_s + MINUTE_S >= state[_EXPIRES][:, None]))
        for row, column in void.items():
            ends[row, column] = True
        first = ends.any(axis=0)
        column = int(first.argmax())
        column = column if first[column] else at_s.size - 1
        if run is not None:
            state[_RUN] = run[:, column]
        self._fund(stretch.funding[:, begins : begins + column + 1], live)
        if first[column]:
            minute, over = stretch.only(begins + column), np.flatnonzero(ends[:, column]).tolist()
            for i in over:
                voided = void.get(i) == column
                reasons = stopped[i, column], reached[i, column], fallen[i, column]
                ended.append(self._void(i, minute) if voided else self._closed(i, minute, *reasons))
            self._forget(over)
        return begins + column + 1

    def _enter(self, stretch: Stretch, begins: int, traded: Bools) -> dict[int, int]:
        """Who begins, begins at the open of his first minute; those without trading in it, and where."""
        void: dict[int, int] = {}
        for i in np.flatnonzero(np.isnan(self._state[_ENTRY])).tolist():
            column = int(np.searchsorted(stretch.at_s[begins:], self._state[_OPENS, i]))
            if column < traded.shape[1] and traded[i, column]:
                self._state[_ENTRY, i] = stretch.open[self._symbol[i], begins + column]
            elif column < traded.shape[1]:
                void[i] = column
        return void

    def _fallen(self, close: Floats, along: Floats, live: Bools) -> tuple[Floats | None, Bools]:
        """The best prices so far, signed by side, and where the close is too far below them."""
        limit = self._state[_DRAWDOWN]
        if not np.isfinite(limit).any():
            return None, np.zeros(live.shape, dtype=np.bool_)
        run = np.maximum.accumulate(np.where(live, along, -np.inf), axis=1)
        run = np.maximum(run, self._state[_RUN][:, None])
        side = self._state[_SIDE][:, None]
        with np.errstate(invalid="ignore"):
            return run, live & (side * (1.0 - close / (side * run)) * BPS >= limit[:, None])

    def _fund(self, funding: Floats, live: Bools) -> None:
        if not funding.any():
            return
        for at in np.flatnonzero(funding.any(axis=0)).tolist():
            paying = live[:, at]
            rate = self._state[_SIDE] * funding[:, at][self._symbol]
            self._state[_FUNDING][paying] += rate[paying] * BPS

    def _void(self, i: int, minute: Stretch) -> Void:
        return Void(name=self._names[i], at_s=int(minute.at_s[0]))

    def _closed(self, i: int, minute: Stretch, stopped: bool, reached: bool, fallen: bool) -> Closed:
        symbol = int(self._symbol[i])
        side, entry, target, stop = (float(self._state[row, i]) for row in (_SIDE, _ENTRY, _TARGET, _STOP))
        by: ClosedBy = "drawdown" if fallen else "expiry"
        exit_at = float(minute.close[symbol, 0])
        if stopped:
            by, exit_at = "stop", side * min(side * stop, side * float(minute.open[symbol, 0]))
        elif reached:
            by, exit_at = "target", entry if side * (entry - target) >= 0 else target
        gross = side * (exit_at / entry - 1.0) * BPS
        leaving = self._costs.maker_bps() if by == "target" else float(self._state[_LEAVING, i])
        return Closed(
            name=self._names[i],
            at_s=int(minute.at_s[0]) + MINUTE_S,
            entry=entry,
            exit=exit_at,
            by=by,
            ambiguous=bool(stopped and reached),
            gross_bps=gross,
            r_bps=gross - float(self._state[_ENTERING, i] + self._state[_FUNDING, i]) - leaving,
        )

    def _take_in(self) -> None:
        if not self._waiting:
            return
        fresh = np.array([self._column(levels) for _, _, levels in self._waiting]).T
        self._state = np.hstack([self._state, fresh])
        self._symbol = np.concatenate(
            [self._symbol, np.array([s for _, s, _ in self._waiting], dtype=np.int64)]
        )
        self._names.extend(name for name, _, _ in self._waiting)
        self._waiting.clear()

    def _column(self, levels: Levels) -> tuple[float, ...]:
        crossing = self._costs.taker_bps(levels.half_spread_bps, levels.slippage_bps)
        drawdown = inf if levels.max_drawdown_bps is None else levels.max_drawdown_bps
        side = 1.0 if levels.up else -1.0
        through = levels.target + side * tick(levels.target)
        times = (float(levels.opens_s), float(levels.expires_s))
        return (
            side, levels.target, through, levels.stop, *times, drawdown, nan, -inf, 0.0, crossing, crossing
        )  # fmt: skip

    def _forget(self, ended: list[int]) -> None:
        gone = set(ended)
        keep = [i for i in range(len(self._names)) if i not in gone]
        self._state, self._symbol = self._state[:, keep], self._symbol[keep]
        self._names = [self._names[i] for i in keep]
