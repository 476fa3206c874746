"""Tests against a null: one-sided p-values and lower bounds over block means, honest about skewness."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from strandloom.scoring.evidence import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Block sums of one candidate: weight and weighted sum per block, as the cluster formulas take them."""

    n: int
    mean: float
    se: float
    skew: float

    @staticmethod
    def of(sums: Floats, rows: Floats, sd_floor: float = 1.0) -> "Sample":
        """From the sum and the number of rows of each block."""
        n = int(sums.size)
        if n < 2:
            return Sample(n=n, mean=float(sums.sum() / max(rows.sum(), 1.0)), se=float("nan"), skew=0.0)
        mean = float(sums.sum() / rows.sum())
        off = sums - rows * mean
        se = float(np.sqrt((off**2).sum() * n / (n - 1)) / rows.sum())
        sd = float(np.sqrt((off**2).mean()))
        skew = float((off**3).mean() / sd**3) if sd > 1e-12 * float(np.abs(sums).max()) else 0.0
        return Sample(n=n, mean=mean, se=max(se, sd_floor / np.sqrt(n)), skew=skew)


def p_above(sample: Sample, null: float = 0.0) -> float:
    """One-sided p of «the mean is at most `null`»: the larger of cluster t and Hall's corrected t."""
    if sample.n < 2:
        return 1.0
    t = (sample.mean - null) / sample.se
    return float(stdtr(sample.n - 1, -min(t, _hall(t, sample))))


def p_below(sample: Sample, null: float = 0.0) -> float:
    """One-sided p of «the mean is at least `null`»: the mirror image of `p_above`."""
    return p_above(mirrored(sample), -null)


def mirrored(sample: Sample) -> Sample:
    """The sample with every sign turned."""
    return Sample(n=sample.n, mean=-sample.mean, se=sample.se, skew=-sample.skew)


def lower_bound(sample: Sample, alpha: float) -> float:
    """The largest null that `p_above` rejects at `alpha`: both tests inverted, the smaller answer kept."""
    if sample.n < 2:
        return float("-inf")
    q = -float(stdtrit(sample.n - 1, alpha))
    return sample.mean - max(q, _unhall(q, sample)) * sample.se


def _hall(t: float, sample: Sample) -> float:
    """Hall's monotone cubic transformation of a t statistic, which takes first-order skewness out."""
    root = np.sqrt(sample.n)
    s, g = t / root, sample.skew
    return float(root * (s + g * s**2 / 3 + g**2 * s**3 / 27 + g / (6 * sample.n)))


def _unhall(q: float, sample: Sample) -> float:
    """The t whose transformation is `q`."""
    root, g = np.sqrt(sample.n), sample.skew
    if abs(g) < 1e-9:
        return q
    return float(root * 3 / g * (np.cbrt(1 + g * (q / root - g / (6 * sample.n))) - 1))
