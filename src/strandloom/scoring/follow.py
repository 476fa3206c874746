"""Following predictions bar by bar to their one outcome each, without wishful thinking, all at once."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """One minute of every symbol, in the follower's order of symbols."""

    at_s: int  # open time
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    traded: Bools  # False: halted, missing or filled flat, so nothing fills
    funding: Floats  # rate charged at this minute, 0 where none is


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Neighbouring minutes of every symbol as [symbol × minute]."""

    at_s: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    traded: Bools
    funding: Floats

    def minute(self, at: int) -> Minute:
        """One of them."""
        return Minute(
            at_s=int(self.at_s[at]),
            open=self.open[:, at],
            high=self.high[:, at],
            low=self.low[:, at],
            close=self.close[:, at],
            traded=self.traded[:, at],
            funding=self.funding[:, at],
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


def tick(price: Floats) -> Floats:
    """The smallest price step of a venue that quotes five significant figures."""
    return np.asarray(10.0 ** (np.floor(np.log10(price)) - SIGNIFICANT_FIGURES + 1), dtype=np.float64)


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
    _BEST,
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

    def minute(self, bar: Minute) -> list[Closed | Void]:
        """Move on by one minute; what ended in it, in the order in which it was added."""
        self._take_in()
        if not self._names:
            return []
        state, at = self._state, self._symbol
        active = bar.at_s >= state[_OPENS]
        traded = bar.traded[at]
        entering = active & np.isnan(state[_ENTRY])
        void = entering & ~traded
        opens = bar.open[at]
        entering &= traded
        state[_ENTRY][entering] = opens[entering]
        state[_BEST][entering] = opens[entering]
        live = active & traded
        state[_FUNDING][live] += (state[_SIDE] * bar.funding[at])[live] * BPS
        stopped, reached, over = self._ends(bar, live)
        ended = np.flatnonzero(void | stopped | reached | over.astype(bool))
        if not ended.size:
            return []
        answers = [self._answer(i, bar, void, stopped, reached, over) for i in ended.tolist()]
        self._forget(ended)
        return answers

    def through(self, stretch: Stretch) -> list[Closed | Void]:
        """Move on by many minutes; those in which nothing ends are taken together."""
        ended: list[Closed | Void] = []
        at, stop = 0, stretch.at_s.size
        while at < stop and len(self):
            self._take_in()
            at += self._pass_over(stretch, at)
            if at < stop:
                ended += self.minute(stretch.minute(at))
                at += 1
        return ended

    def _pass_over(self, stretch: Stretch, begins: int) -> int:
        """Take in the minutes before the first in which something may end; how many they were."""
        state, symbol = self._state, self._symbol
        if np.isfinite(state[_DRAWDOWN]).any():
            return 0  # the best price so far decides: minute by minute
        at_s = stretch.at_s[begins:]
        side = state[_SIDE][:, None]
        low, high = stretch.low[symbol, begins:], stretch.high[symbol, begins:]
        traded = stretch.traded[symbol, begins:]
        active = at_s >= state[_OPENS][:, None]
        against, along = np.where(side > 0, low, high), np.where(side > 0, high, low)
        live = active & traded
        ends = live & (side * (against - state[_STOP][:, None]) <= 0)
        ends |= live & (side * (along - state[_THROUGH][:, None]) >= 0)
        ends |= active & (
            ~traded & np.isnan(state[_ENTRY])[:, None] | (at_s + MINUTE_S >= state[_EXPIRES][:, None])
        )
        first = ends.any(axis=0)
        quiet = int(first.argmax()) if first.any() else at_s.size
        if quiet:
            span = slice(begins, begins + quiet)
            self._entered(stretch.open[symbol, span], live[:, :quiet])
            self._best(along[:, :quiet], live[:, :quiet])
            self._funded(stretch.funding[:, span], live[:, :quiet])
        return quiet

    def _entered(self, opens: Floats, live: Bools) -> None:
        """Who begins in these minutes begins at the open of the first of them that is theirs."""
        begins = np.flatnonzero(np.isnan(self._state[_ENTRY]) & live.any(axis=1))
        entry = opens[begins, live[begins].argmax(axis=1)]
        self._state[_ENTRY][begins] = self._state[_BEST][begins] = entry

    def _best(self, along: Floats, live: Bools) -> None:
        side = self._state[_SIDE]
        reached = np.where(live, side[:, None] * along, -np.inf).max(axis=1)
        self._state[_BEST] = np.where(
            live.any(axis=1), side * np.fmax(side * self._state[_BEST], reached), self._state[_BEST]
        )

    def _funded(self, funding: Floats, live: Bools) -> None:
        for at in np.flatnonzero(funding.any(axis=0)).tolist():
            paying = live[:, at]
            rate = self._state[_SIDE] * funding[:, at][self._symbol]
            self._state[_FUNDING][paying] += rate[paying] * BPS

    def _ends(self, bar: Minute, live: Bools) -> tuple[Bools, Bools, Ints]:
        """Which live predictions reached stop or target, and which ran into drawdown (1) or expiry (2)."""
        state, at, side = self._state, self._symbol, self._state[_SIDE]
        against = np.where(side > 0, bar.low[at], bar.high[at])
        along = np.where(side > 0, bar.high[at], bar.low[at])
        stopped = live & (side * (against - state[_STOP]) <= 0)
        reached = live & (side * (along - state[_THROUGH]) >= 0)
        still = live & ~stopped & ~reached
        state[_BEST] = np.where(still, side * np.fmax(side * state[_BEST], side * along), state[_BEST])
        with np.errstate(invalid="ignore"):
            fallen = side * (1.0 - bar.close[at] / state[_BEST]) * BPS >= state[_DRAWDOWN]
        expired = bar.at_s + MINUTE_S >= state[_EXPIRES]
        return stopped, reached, np.where(still & fallen, 1, np.where(still & expired, 2, 0))

    def _answer(
        self, i: int, bar: Minute, void: Bools, stopped: Bools, reached: Bools, over: Ints
    ) -> Closed | Void:
        if void[i]:
            return Void(name=self._names[i], at_s=bar.at_s)
        side, entry, target, stop = (float(self._state[row, i]) for row in (_SIDE, _ENTRY, _TARGET, _STOP))
        symbol = int(self._symbol[i])
        by: ClosedBy = "drawdown" if over[i] == 1 else "expiry"
        exit_at = float(bar.close[symbol])
        if stopped[i]:
            by, exit_at = "stop", side * min(side * stop, side * float(bar.open[symbol]))
        elif reached[i]:
            by, exit_at = "target", entry if side * (entry - target) >= 0 else target
        gross = side * (exit_at / entry - 1.0) * BPS
        leaving = self._costs.maker_bps() if by == "target" else float(self._state[_LEAVING, i])
        return Closed(
            name=self._names[i],
            at_s=bar.at_s + MINUTE_S,
            entry=entry,
            exit=exit_at,
            by=by,
            ambiguous=bool(stopped[i] and reached[i]),
            gross_bps=gross,
            r_bps=gross - float(self._state[_ENTERING, i] + self._state[_FUNDING, i]) - leaving,
        )

    def _take_in(self) -> None:
        if not self._waiting:
            return
        fresh = np.array([self._column(levels) for _, _, levels in self._waiting]).T
        fresh[_THROUGH] = fresh[_TARGET] + fresh[_SIDE] * tick(fresh[_TARGET])
        self._state = np.hstack([self._state, fresh])
        self._symbol = np.concatenate(
            [self._symbol, np.array([s for _, s, _ in self._waiting], dtype=np.int64)]
        )
        self._names.extend(name for name, _, _ in self._waiting)
        self._waiting.clear()

    def _column(self, levels: Levels) -> tuple[float, ...]:
        crossing = self._costs.taker_bps(levels.half_spread_bps, levels.slippage_bps)
        drawdown = float("inf") if levels.max_drawdown_bps is None else levels.max_drawdown_bps
        side = 1.0 if levels.up else -1.0
        nan = float("nan")
        times = (float(levels.opens_s), float(levels.expires_s))
        return (side, levels.target, nan, levels.stop, *times, drawdown, nan, nan, 0.0, crossing, crossing)

    def _forget(self, ended: Ints) -> None:
        keep = np.ones(len(self._names), dtype=np.bool_)
        keep[ended] = False
        self._state, self._symbol = self._state[:, keep], self._symbol[keep]
        self._names = [name for name, stays in zip(self._names, keep.tolist(), strict=True) if stays]
