"""Predictions and what became of them, in bulk, with forecasts of some skill."""

from typing import NamedTuple
from uuid import UUID

import numpy as np

from strandloom.learning.keys import PatternKey

START = 1_750_000_000 // 60 * 60


class Told(NamedTuple):
    """One prediction and its outcome."""

    name: UUID
    leaf: PatternKey
    opened_s: int
    closed_s: int
    r_bps: float
    p: float
    base: float


def some_told(seed: int, n: int, *, minutes: int = 3, longest_min: int = 90) -> list[Told]:
    """`n` predictions in order of opening, a few minutes apart, over some leaves."""
    rng = np.random.default_rng(seed)
    leaves = [
        PatternKey(pattern=p, direction=d, symbol=s, timeframe=t, regime=r, session=h)
        for p in ("volume.spike", "momentum.trend")
        for d in ("up", "down")
        for s in ("BTC", "ETH")
        for t in ("1m", "5m")
        for r in ("up_calm", "flat_wild")
        for h in ("asia", "us")
    ]
    which = rng.integers(0, len(leaves), n)
    opened = START + np.cumsum(rng.integers(0, 2 * minutes, n)) * 60
    lasts = rng.integers(1, longest_min, n) * 60
    p, base = rng.uniform(0.3, 0.7, n), rng.uniform(0.45, 0.55, n)
    r = rng.normal(0, 25, n) + np.where(rng.random(n) < p, 8.0, -8.0)
    return [
        Told(
            name=UUID(int=i + 1),
            leaf=leaves[which[i]],
            opened_s=int(opened[i]),
            closed_s=int(opened[i] + lasts[i]),
            r_bps=float(r[i]),
            p=float(p[i]),
            base=float(base[i]),
        )
        for i in range(n)
    ]
