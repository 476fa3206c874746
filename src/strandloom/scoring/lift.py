"""Lift: what chains with lessons earned beyond those that were held out, with its interval."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from strandloom.scoring.evidence import Bools, Floats, Ints
from strandloom.scoring.nulls import Sample

CONFIDENCE = 0.90
FEWEST_BLOCKS = 8  # in each arm


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """A difference of means and how far it may be off, and how many chains stand behind either side."""

    bps: float
    low: float
    high: float
    shown: int
    held_out: int


def lift(opened_s: Ints, value_bps: Floats, held_out: Bools, block_s: int) -> Lift | None:
    """The mean value of chains with lessons less that of held-out ones; None where either side is too small.

    The value of a chain is what its forecast earned if a trade on it was allowed, and nothing if not.
    """
    one = _sample(opened_s[~held_out], value_bps[~held_out], block_s)
    other = _sample(opened_s[held_out], value_bps[held_out], block_s)
    if min(one.n, other.n) < FEWEST_BLOCKS:
        return None
    a, b = one.se**2, other.se**2
    freedom = (a + b) ** 2 / (a**2 / (one.n - 1) + b**2 / (other.n - 1))
    reach = -float(stdtrit(freedom, (1.0 - CONFIDENCE) / 2.0)) * float(np.sqrt(a + b))
    middle = one.mean - other.mean
    return Lift(
        bps=middle,
        low=middle - reach,
        high=middle + reach,
        shown=int((~held_out).sum()),
        held_out=int(held_out.sum()),
    )


def _sample(opened_s: Ints, values: Floats, block_s: int) -> Sample:
    if not values.size:
        return Sample(n=0, mean=0.0, se=float("nan"), skew=0.0)
    _, place = np.unique(opened_s // block_s, return_inverse=True)
    sums = np.bincount(place, weights=values).astype(np.float64)
    return Sample.of(sums, np.bincount(place).astype(np.float64))
