"""One prediction at a time, in plain Python: the slow twin of the follower."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import floor, log10
from typing import Literal

from strandloom.scoring.costs import BPS, CostModel

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
    max_drawdown_bps: float | None
    half_spread_bps: float
    slippage_bps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """One bar as far as following needs it."""

    at_s: int  # open time
    open: float
    high: float
    low: float
    close: float
    traded: bool  # False: halted, missing or filled flat, so nothing fills
    funding: float = 0.0  # rate charged at this minute, if any


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How far one prediction has come."""

    levels: Levels
    entry: float | None = None
    best: float = 0.0  # most favourable price since entry
    funding_bps: float = 0.0  # paid so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The end of one prediction."""

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

    at_s: int


def tick(price: float) -> float:
    """The smallest price step of a venue that quotes five significant figures."""
    return float(10.0 ** (floor(log10(price)) - SIGNIFICANT_FIGURES + 1))


def step(state: Following, bar: Minute, costs: CostModel) -> Following | Closed | Void:
    """The next bar of a followed prediction; bars before its opening change nothing."""
    levels = state.levels
    if bar.at_s < levels.opens_s:
        return state
    if state.entry is None:
        if not bar.traded:
            return Void(at_s=bar.at_s)
        state = replace(state, entry=bar.open, best=bar.open)
    if not bar.traded:
        return state
    return _within(state, bar, costs)


def _within(state: Following, bar: Minute, costs: CostModel) -> Following | Closed:
    levels, entry = state.levels, state.entry
    assert entry is not None
    side = 1.0 if levels.up else -1.0
    paid = state.funding_bps + side * bar.funding * BPS
    state = replace(state, funding_bps=paid)
    stopped = (bar.low <= levels.stop) if levels.up else (bar.high >= levels.stop)
    step_size = tick(levels.target)
    reached = (bar.high >= levels.target + step_size) if levels.up else (bar.low <= levels.target - step_size)
    if stopped:
        exit_at = min(levels.stop, bar.open) if levels.up else max(levels.stop, bar.open)
        return _close(state, bar.at_s, exit_at, "stop", reached, costs)
    if reached:
        beyond = (entry >= levels.target) if levels.up else (entry <= levels.target)
        return _close(state, bar.at_s, entry if beyond else levels.target, "target", False, costs)
    best = max(state.best, bar.high) if levels.up else min(state.best, bar.low)
    state = replace(state, best=best)
    limit = levels.max_drawdown_bps
    if limit is not None and side * (best - bar.close) / best * BPS >= limit:
        return _close(state, bar.at_s, bar.close, "drawdown", False, costs)
    if bar.at_s + MINUTE_S >= levels.expires_s:
        return _close(state, bar.at_s, bar.close, "expiry", False, costs)
    return state


def _close(
    state: Following, at_s: int, exit_at: float, by: ClosedBy, ambiguous: bool, costs: CostModel
) -> Closed:
    levels, entry = state.levels, state.entry
    assert entry is not None
    gross = (1.0 if levels.up else -1.0) * (exit_at / entry - 1.0) * BPS
    crossing = costs.taker_bps(levels.half_spread_bps, levels.slippage_bps)
    leaving = costs.maker_bps() if by == "target" else crossing
    return Closed(
        at_s=at_s + MINUTE_S,
        entry=entry,
        exit=exit_at,
        by=by,
        ambiguous=ambiguous,
        gross_bps=gross,
        r_bps=gross - crossing - leaving - state.funding_bps,
    )


def follow(levels: Levels, bars: Iterator[Minute], costs: CostModel) -> Following | Closed | Void:
    """A prediction over all bars since its posting: the same answer as step by step, whenever it is asked."""
    state = Following(levels=levels)
    for bar in bars:
        after = step(state, bar, costs)
        if not isinstance(after, Following):
            return after
        state = after
    return state
