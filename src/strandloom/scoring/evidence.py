"""Outcomes as columns, and the block sums that every score of a key is made of.

Outcomes that overlap in time are not independent, nor are coins, so the unit of evidence is a block of time
with all symbols together, and every standard error is taken over blocks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

HALF_LIFE_S = 30 * 86_400.0
SD_FLOOR_BPS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Closed, independent outcomes, one row each, of keys numbered 0..n_keys-1."""

    key: Ints
    order: Ints  # any number that is unique per outcome: breaks ties of opened_s
    opened_s: Ints
    r_bps: Floats  # net
    gross_bps: Floats
    p: Floats  # forecast, written down before
    base: Floats  # reference rate, known before
    n_keys: int
    block_s: Ints  # per key: twice its longest horizon

    @property
    def won(self) -> Bools:
        """Whether each outcome earned more than it cost."""
        return self.r_bps > 0


def in_order(rows: Outcomes) -> Outcomes:
    """The same rows sorted by key, opening and order, so that no sum depends on how they came."""
    at = np.lexsort((rows.order, rows.opened_s, rows.key))
    return Outcomes(
        key=rows.key[at],
        order=rows.order[at],
        opened_s=rows.opened_s[at],
        r_bps=rows.r_bps[at],
        gross_bps=rows.gross_bps[at],
        p=rows.p[at],
        base=rows.base[at],
        n_keys=rows.n_keys,
        block_s=rows.block_s,
    )


def weights(opened_s: Ints, now_s: float, half_life_s: float = HALF_LIFE_S) -> Floats:
    """How much an outcome still counts in a ranking: one half after each half-life, never above one."""
    age = np.maximum(now_s - opened_s, 0.0)
    return np.asarray(np.exp2(-age / half_life_s), dtype=np.float64)


def horizon_line(open_opened_s: Ints, now_s: float) -> float:
    """Outcomes opened before this moment may be counted: the opening of the oldest one still open.

    Near targets close first; counting whatever has closed would make a driftless walk look like a winner.
    """
    return float(open_opened_s.min()) if open_opened_s.size else now_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Sums per (key, block), sorted by key, then by time.  `start[k]:start[k+1]` are the blocks of key k."""

    key: Ints
    block: Ints
    rows: Ints
    row_of: Ints  # for every outcome, its place in these arrays
    start: Ints

    @property
    def n_blocks(self) -> Ints:
        """Blocks per key."""
        return np.diff(self.start)

    def sum(self, values: Floats) -> Floats:
        """One sum per block of a value per outcome."""
        return _sums(self.row_of, values, self.key.size)

    def per_key(self, values: Floats) -> Floats:
        """One sum per key of a value per block."""
        return _sums(self.key, values, self.start.size - 1)


def _sums(place: Ints, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(place, weights=values, minlength=size), dtype=np.float64)


def blocks(rows: Outcomes) -> Blocks:
    """The blocks of rows that are in order."""
    block = rows.opened_s // rows.block_s[rows.key] if rows.key.size else rows.opened_s
    first = np.ones(rows.key.size, dtype=np.bool_)
    if rows.key.size:
        first[1:] = (rows.key[1:] != rows.key[:-1]) | (block[1:] != block[:-1])
    row_of = np.cumsum(first) - 1
    key = rows.key[first]
    return Blocks(
        key=key,
        block=block[first],
        rows=np.bincount(row_of, minlength=key.size),
        row_of=row_of,
        start=np.searchsorted(key, np.arange(rows.n_keys + 1)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean per key with its cluster-robust standard error; NaN where the blocks do not allow one."""

    mean: Floats
    se: Floats
    n_blocks: Ints

    @property
    def z(self) -> Floats:
        """Mean over standard error; 0 where there is none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            z = self.mean / self.se
        return np.where(np.isfinite(z), z, 0.0)


def estimate(part: Blocks, values: Floats, w: Floats) -> Estimate:
    """The weighted mean of a value per key, clustered over blocks; block sd at least one basis point."""
    n = part.n_blocks
    w_b = part.sum(w)
    y_b = part.sum(w * values)
    w_k = part.per_key(w_b)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = part.per_key(y_b) / w_k
        spread = part.per_key((y_b - w_b * mean[part.key]) ** 2)
        se = np.sqrt(spread * n / (n - 1)) / w_k
        se = np.maximum(se, SD_FLOOR_BPS / np.sqrt(n))
    se[n < 2] = np.nan
    return Estimate(mean=mean, se=se, n_blocks=n)


def fresh(part: Blocks, w: Floats) -> Floats:
    """The sample size of a ranking score: per block its freshest weight, summed per key."""
    most = np.zeros(part.key.size)
    np.maximum.at(most, part.row_of, w)
    return part.per_key(most)
