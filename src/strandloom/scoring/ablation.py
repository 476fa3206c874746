"""Would weighing by resonance have paid?  The strength is chosen on one half and judged on the next."""

from dataclasses import dataclass

import numpy as np

from strandloom.scoring.evidence import Floats, Ints
from strandloom.scoring.nulls import Sample, lower_bound, p_above

GRID = (0.25, 0.5, 1.0, 2.0)
LEAST, MOST = 0.8, 1.2
ALPHA = 0.05
FEWEST_BLOCKS = 20  # days of the second half
DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`lam` is what may be used: `tried` where a gain is shown, else 0."""

    n: int
    n_blocks: int = 0
    tried: float = 0.0
    gain_bps: float | None = None
    gain_low: float | None = None
    p: float | None = None
    lam: float = 0.0
    mean_resonance: float | None = None


def lean(resonance: float | None, lam: float, mean_resonance: float | None) -> float:
    """What a plan's priority and size are multiplied with, once: 1 where resonance is not known."""
    if resonance is None or mean_resonance is None:
        return 1.0
    return float(np.clip(1.0 + lam * (resonance - mean_resonance), LEAST, MOST))


def ablate(opened_s: Ints, r_bps: Floats, resonance: Floats) -> Verdict:
    """Rows in order of opening: net results and the resonance that was known before."""
    n = opened_s.size
    if n < 2:
        return Verdict(n=n)
    cut = int(np.searchsorted(opened_s // DAY_S, opened_s[n // 2] // DAY_S))  # days stay whole
    if cut in (0, n):
        return Verdict(n=n)
    mean = float(resonance[:cut].mean())
    first = {lam: _gains(r_bps[:cut], resonance[:cut], lam, mean).mean() for lam in GRID}
    tried = max(first, key=lambda lam: first[lam])
    days, day = np.unique(opened_s[cut:] // DAY_S, return_inverse=True)
    gains = _gains(r_bps[cut:], resonance[cut:], tried, mean)
    sums: Floats = np.bincount(day, weights=gains).astype(np.float64)
    second = Sample.of(sums, np.bincount(day).astype(np.float64), sd_floor=1e-9)
    p = p_above(second)
    shown = first[tried] > 0.0 and p <= ALPHA and days.size >= FEWEST_BLOCKS
    return Verdict(
        n=n,
        n_blocks=int(days.size),
        tried=tried,
        gain_bps=second.mean,
        gain_low=lower_bound(second, ALPHA) if second.n > 1 else None,
        p=p,
        lam=tried if shown else 0.0,
        mean_resonance=mean,
    )


def _gains(r_bps: Floats, resonance: Floats, lam: float, mean: float) -> Floats:
    """Per outcome: what its weight, against an equal one, added."""
    weight = np.clip(1.0 + lam * (resonance - mean), LEAST, MOST)
    return np.asarray((weight / weight.mean() - 1.0) * r_bps, dtype=np.float64)
