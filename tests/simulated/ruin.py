"""Driftless walks between a target and a stop: what a 5 % test of nothing rejects."""

import numpy as np

from strandloom.scoring.evidence import Bools, Floats, Ints, horizon_line
from strandloom.scoring.nulls import Sample, p_above

COINS, STEPS, HORIZON = 6, 14_400, 120  # in minutes: ten days
OFTEN, APART = 15, HORIZON  # minutes between openings: overlapping in time, or not
COMMON = 0.73  # correlation of the coins
UNIT = HORIZON**0.5 / 3.0  # standard deviations of a minute
BPS = 10.0


def rejected(
    target: float, stop: float, runs: int, seed: int, *, by_rows: bool = False, every: int = OFTEN
) -> float:
    """The share of walks on which «it earns nothing» falls at 5 %; by rows instead of blocks if asked."""
    rng = np.random.default_rng(seed)
    return sum(_p(rng, target, stop, by_rows, every) < 0.05 for _ in range(runs)) / runs


def wins_by_closing(runs: int, seed: int, first: int = 60) -> float:
    """The share of wins among the sixty outcomes that close first, where three in four is fair."""
    rng = np.random.default_rng(seed)
    shares = []
    for _ in range(runs):
        closed, r = _followed(_paths(rng, STEPS), UNIT, 3.0 * UNIT, np.arange(240, dtype=np.int64), STEPS)
        order = np.argsort(closed, axis=None, kind="stable")[:first]
        shares.append((r.ravel()[order] > 0).mean())
    return float(np.mean(shares))


def _p(rng: np.random.Generator, target: float, stop: float, by_rows: bool, every: int) -> float:
    opened = np.arange(0, STEPS, every, dtype=np.int64)
    closed, r = _followed(_paths(rng, STEPS), target * UNIT, stop * UNIT, opened, HORIZON)
    line = horizon_line(opened[(closed > STEPS).any(axis=0)], STEPS)
    kept, at = r[:, opened < line], opened[opened < line] // (2 * HORIZON)
    if by_rows:
        return p_above(Sample.of(kept.ravel(), np.ones(kept.size)))
    sums = np.bincount(at, weights=kept.sum(axis=0))
    return p_above(Sample.of(sums, np.bincount(at, minlength=sums.size) * float(COINS)))


def _paths(rng: np.random.Generator, steps: int) -> Floats:
    shared, own = rng.standard_normal((1, steps)), rng.standard_normal((COINS, steps))
    path = np.cumsum(COMMON**0.5 * shared + (1.0 - COMMON) ** 0.5 * own, axis=1)
    return np.concatenate([np.zeros((COINS, 1)), path], axis=1)


def _followed(path: Floats, target: float, stop: float, opened: Ints, horizon: int) -> tuple[Ints, Floats]:
    """When each closes [coin × opening], after the walk's end if it does not, and what it earned."""
    end = path.shape[1] - 1
    closed = np.full((COINS, opened.size), end + 1, dtype=np.int64)
    r = np.zeros((COINS, opened.size))
    open_: Bools = np.ones(r.shape, dtype=np.bool_)
    for ahead in range(1, horizon + 1):
        at = opened + ahead
        moved = path[:, np.minimum(at, end)] - path[:, opened]
        ends = open_ & (at <= end) & ((moved >= target) | (moved <= -stop) | (ahead == horizon))
        r[ends], closed[ends] = moved[ends] * BPS, np.broadcast_to(at, r.shape)[ends]
        open_ &= ~ends
        if not open_.any():
            break
    return closed, r
