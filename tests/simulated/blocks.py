"""Candidates as block results with known truth, and the looks that the gate takes at them."""

from dataclasses import dataclass

import numpy as np

from strandloom.scoring import gate
from strandloom.scoring.evidence import Bools, Floats
from strandloom.scoring.nulls import Sample

SD_BPS = 40.0
ONES = np.ones(max(gate.LOOKS))


def edge_bps(hits: float) -> float:
    """The block mean of a pattern that hits so often: (2x − 1) standard deviations."""
    return (2.0 * hits - 1.0) * SD_BPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Net block results [candidate × block], and which candidates are real."""

    net: Floats
    true: Bools

    @staticmethod
    def draw(rng: np.random.Generator, n: int, n_true: int, hits: float) -> "Candidates":
        """`n` candidates of as many independent blocks as the last look needs, the first `n_true` real."""
        true = np.arange(n) < n_true
        net = rng.normal(0.0, SD_BPS, (n, max(gate.LOOKS))) + np.where(true, edge_bps(hits), 0.0)[:, None]
        return Candidates(net=net, true=true)


def sample(results: Floats) -> Sample:
    """One outcome per block."""
    return Sample.of(results, ONES[: results.size])


def looks_at(net: Floats) -> Floats:
    """[candidate × look]: the p that each look adds, weighed; 1 where no look was granted.

    Costs are nothing and the baseline is zero, so both nulls are the same: their weakest case.
    """
    out = np.ones((net.shape[0], len(gate.LOOKS)))
    for candidate, results in enumerate(net):
        for column, blocks in enumerate(gate.LOOKS):
            seen = sample(results[:blocks])
            look = gate.look_at(seen, seen)
            if look is not None:
                out[candidate, column] = gate.look_p([look])
    return out


def promoted(weighed: Floats, n_trials: int) -> Floats:
    """[candidate]: the number of the look at which each was promoted, −1 for never."""
    when = np.full(weighed.shape[0], -1)
    best = np.minimum.accumulate(weighed, axis=1)
    for look in range(weighed.shape[1]):
        passes = gate.pass_gate(best[:, look], n_trials)
        when[(when < 0) & passes] = look
    return when
