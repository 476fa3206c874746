"""The gate's arithmetic: when a candidate may be looked at, and which of all candidates ever pass."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from strandloom.scoring.evidence import Bools, Floats
from strandloom.scoring.nulls import Sample, lower_bound, p_above

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


def claim(net_excess_bps: float) -> float:
    """What a promoted lesson claims: the observed excess, cut for the winner's curse."""
    return CLAIM_SHARE * net_excess_bps
