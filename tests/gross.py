"""What every onset of a rule earned, gross, entered at mid: the plainest possible follower, all at once."""

from dataclasses import dataclass

import numpy as np

from strandloom.indicators.features.catalogue import NUMBER, features
from strandloom.indicators.frame import Floats, Frame
from strandloom.market.view import thought
from strandloom.teams.raw_data.rule import Rule
from strandloom.teams.raw_data.watch import Watch


@dataclass(frozen=True, slots=True)
class Gross:
    """One row per onset; onsets that touched target and stop in one bar are left out."""

    symbol: np.ndarray
    bar: np.ndarray
    side: np.ndarray
    bps: Floats


def all_features(frame: Frame) -> Floats:
    return features(frame, len(frame))


def onsets(watch: Watch, seen: Floats) -> Floats:
    """[rule × symbol × bar]: the direction of every onset, 0 elsewhere."""
    out = thought(watch, seen, len(seen))
    now, before = out[:, 0], out[:, 1]
    return np.where((now != before), now, 0.0).transpose(1, 2, 0)


def earned(frame: Frame, seen: Floats, rule: Rule, begun: Floats) -> Gross:
    """Follow the onsets [symbol × bar] of one rule to target, stop or the end of the horizon."""
    bars = min(rule.horizon_bars, 24)
    symbol, at = np.nonzero(begun[:, : len(frame) - bars - 1])
    side = begun[symbol, at]
    sd_bps = seen[at, NUMBER["volatility_60_bps"], symbol]
    close = frame.close[symbol, at]
    reach = np.maximum(rule.reach * sd_bps * bars**0.5, 5.0) / 1e4
    target, stop = close * (1.0 + side * reach), close * (1.0 - side * reach)
    entry = frame.open[symbol, at + 1]
    left, both, open_ = np.full(len(at), np.nan), np.zeros(len(at), bool), np.ones(len(at), bool)
    for ahead in range(1, bars + 1):
        high, low = frame.high[symbol, at + ahead], frame.low[symbol, at + ahead]
        along, against = np.where(side > 0, high, low), np.where(side > 0, low, high)
        won, lost = side * (along - target) > 0, side * (against - stop) <= 0
        both |= open_ & won & lost
        first = frame.open[symbol, at + ahead]
        worse = np.where(side > 0, np.minimum(stop, first), np.maximum(stop, first))
        left = np.where(open_ & lost, worse, np.where(open_ & won, target, left))
        open_ &= ~(won | lost)
    left = np.where(open_, frame.close[symbol, at + bars], left)
    bps = side * (left / entry - 1.0) * 1e4
    kept = ~both & np.isfinite(bps)
    return Gross(symbol[kept], at[kept], side[kept], bps[kept])


def clustered_t(values: list[Floats]) -> float:
    """t of the mean over independent clusters of outcomes; 0 where there are too few."""
    sums = np.array([v.sum() for v in values if v.size])
    sizes = np.array([v.size for v in values if v.size], dtype=float)
    if len(sums) < 20:
        return 0.0
    mean = sums.sum() / sizes.sum()
    off = sums - sizes * mean
    se = np.sqrt((off**2).sum() * len(sums) / (len(sums) - 1)) / sizes.sum()
    return float(mean / max(se, 0.01))
