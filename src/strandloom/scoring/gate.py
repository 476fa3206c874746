"""The gate's arithmetic: when a candidate may be looked at, and which of all candidates ever pass."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from strandloom.scoring.evidence import Bools, Floats
from strandloom.scoring.nulls import Sample, lower_bound, mirrored, p_above

LOOKS = (60, 120, 240, 480)  # blocks
LOOK_WEIGHTS = (1 / 15, 2 / 15, 4 / 15, 8 / 15)
Q = 0.10
FEWEST_TRIALS = 500
CLAIM_SHARE = 0.7
MOST_SKEW_AT_FIRST_LOOK = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a candidate: which, and how likely what it saw is under the kinder null."""

    number: int
    p: float


def look_at(net: Sample, excess: Sample) -> Look | None:
    """The look due at exactly this many blocks, or None.

    Both nulls must fall, so the larger p counts: net mean at most zero, and gross mean at most the drift
    baseline (`excess` is gross minus baseline).
    """
    if net.n not in LOOKS:
        return None
    number = LOOKS.index(net.n)
    if number == 0 and max(abs(net.skew), abs(excess.skew)) > MOST_SKEW_AT_FIRST_LOOK:
        return None
    return Look(number=number, p=max(p_above(net), p_above(excess)))


def mirrored_look_at(excess: Sample, margin_bps: float) -> Look | None:
    """The look of the mirrored gate: is the gross mean below the drift baseline by more than the margin?"""
    if excess.n not in LOOKS:
        return None
    number = LOOKS.index(excess.n)
    if number == 0 and abs(excess.skew) > MOST_SKEW_AT_FIRST_LOOK:
        return None
    return Look(number=number, p=p_above(mirrored(excess), margin_bps))


def look_p(looks: Sequence[Look]) -> float:
    """A candidate's p over the looks it has had; 1 before the first."""
    return min((min(look.p / LOOK_WEIGHTS[look.number], 1.0) for look in looks), default=1.0)


def pass_gate(p: Floats, n_trials: int) -> Bools:
    """Benjamini–Hochberg at q over all candidates ever registered: which of these p pass."""
    level = rejection_level(p, n_trials)
    return p <= level


def rejection_level(p: Floats, n_trials: int) -> float:
    """The largest p that passes, R·q/m; 0 when none does."""
    m = max(n_trials, FEWEST_TRIALS)
    ranked = np.sort(p)
    passes = np.flatnonzero(ranked <= Q * np.arange(1, ranked.size + 1) / m)
    return float(Q * (passes[-1] + 1) / m) if passes.size else 0.0


def adjusted_lower(sample: Sample, look: Look, level: float) -> float:
    """The false-coverage-adjusted lower bound: never below zero for whatever passed at this look."""
    return lower_bound(sample, level * LOOK_WEIGHTS[look.number])


def adjusted_upper(sample: Sample, look: Look, level: float) -> float:
    """The other end of the false-coverage-adjusted interval."""
    return -adjusted_lower(mirrored(sample), look, level)


def shrunk(sample: Sample) -> float:
    """The mean drawn towards nothing, the more the less it stands out of its error: never across it."""
    if sample.n < 2 or abs(sample.mean) <= sample.se:
        return 0.0
    return sample.mean * (1.0 - (sample.se / sample.mean) ** 2)


def worth_it(sample: Sample, cost_bps: float) -> bool:
    """The shrunk effect exceeds half of what a round trip is modelled to cost."""
    return abs(shrunk(sample)) > cost_bps / 2.0


def p_differ(one: Sample, other: Sample) -> float:
    """Two-sided p of «both have the same mean», by Welch's t."""
    if min(one.n, other.n) < 2:
        return 1.0
    a, b = one.se**2, other.se**2
    freedom = (a + b) ** 2 / (a**2 / (one.n - 1) + b**2 / (other.n - 1))
    return float(2.0 * stdtr(freedom, -abs(one.mean - other.mean) / np.sqrt(a + b)))


def claim(net_excess_bps: float) -> float:
    """What a promoted lesson claims: the observed excess, cut for the winner's curse."""
    return CLAIM_SHARE * net_excess_bps
