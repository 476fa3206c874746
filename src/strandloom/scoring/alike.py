"""How alike keys are whose blocks differ in length: correlation on the coarser of two keys' grids."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from strandloom.scoring.evidence import Floats, Ints

CELLS = 256  # newest blocks of a grid that are looked at
FEWEST = 3  # shared blocks that a correlation needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One key's finished blocks, oldest first."""

    block_s: int
    block: Ints
    mean: Floats


def alike(pasts: Sequence[Past]) -> Floats:
    """[key × key]: correlation of block returns; 0 where undefined, 1 for the same returns."""
    out = np.eye(len(pasts))
    lengths = np.array([past.block_s for past in pasts], dtype=np.int64)
    for length in np.unique(lengths):
        own, finer = np.flatnonzero(lengths == length), np.flatnonzero(lengths <= length)
        some = [pasts[k] for k in finer.tolist()]
        newest = max(
            (int(past.block[-1]) * past.block_s // int(length) for past in some if past.block.size),
            default=0,
        )
        every = _Grid.of(some, int(length), newest - CELLS + 1)
        mine = every.take(np.searchsorted(finer, own))
        corr = mine.against(every)
        out[np.ix_(own, finer)] = corr
        out[np.ix_(finer, own)] = corr.T
    np.fill_diagonal(out, 1.0)
    return out


@dataclass(frozen=True, slots=True)
class _Grid:
    """Returns on one grid [key × cell], 0 where there were none, plain and centred per key."""

    returns: Floats
    x: Floats
    seen: Floats

    @staticmethod
    def of(pasts: Sequence[Past], length: int, first: int) -> "_Grid":
        key = np.repeat(np.arange(len(pasts)), [past.block.size for past in pasts])
        cell = np.concatenate([past.block * past.block_s // length for past in pasts]) - first
        mean = np.concatenate([past.mean for past in pasts])
        inside = cell >= 0
        place = key[inside] * CELLS + cell[inside]
        size = len(pasts) * CELLS
        rows = np.bincount(place, minlength=size).reshape(-1, CELLS)
        sums = np.bincount(place, weights=mean[inside], minlength=size).reshape(-1, CELLS)
        seen = (rows > 0).astype(np.float64)
        returns = sums / np.maximum(rows, 1)
        centre = returns.sum(axis=1, keepdims=True) / np.maximum(seen.sum(axis=1, keepdims=True), 1.0)
        return _Grid(returns, np.where(seen > 0, returns - centre, 0.0), seen)

    def take(self, which: Ints) -> "_Grid":
        return _Grid(self.returns[which], self.x[which], self.seen[which])

    def against(self, other: "_Grid") -> Floats:
        """[mine × other's]."""
        n = self.seen @ other.seen.T
        sx, sy = self.x @ other.seen.T, self.seen @ other.x.T
        sxx, syy = (self.x**2) @ other.seen.T, self.seen @ (other.x**2).T
        with np.errstate(invalid="ignore", divide="ignore"):
            corr = (self.x @ other.x.T - sx * sy / n) / np.sqrt((sxx - sx**2 / n) * (syy - sy**2 / n))
        corr[~np.isfinite(corr) | (n < FEWEST)] = 0.0
        np.clip(corr, -1.0, 1.0, out=corr)
        self._mark_duplicates(other, corr)
        return corr

    def _mark_duplicates(self, other: "_Grid", corr: Floats) -> None:
        """The very same returns correlate at 1, even where their variance says nothing."""
        twins: dict[bytes, list[int]] = {}
        for number, name in enumerate(other.names()):
            twins.setdefault(name, []).append(number)
        for number, name in enumerate(self.names()):
            corr[number, twins[name]] = 1.0

    def names(self) -> list[bytes]:
        """What tells rows apart, bit by bit."""
        return [r.tobytes() + s.tobytes() for r, s in zip(self.returns, self.seen, strict=True)]
