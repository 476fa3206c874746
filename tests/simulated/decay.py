"""How soon the death of an edge is noticed, and how often a living one is suspended."""

import numpy as np

from strandloom.scoring import gate
from strandloom.scoring.demotion import doubt
from tests.simulated.blocks import SD_BPS, Candidates, edge_bps, looks_at, promoted, sample

SOON, LATER = 600, 900  # blocks


def noticed(true_bps: float, claim_bps: float, runs: int, seed: int) -> float:
    """The share of runs in which a lesson with this claim is suspended within 600 blocks."""
    rng = np.random.default_rng(seed)
    return sum(_suspended(rng, true_bps, claim_bps, SD_BPS, SOON) for _ in range(runs)) / runs


def of_promoted(hits: float, runs: int, seed: int, blocks: int = LATER) -> dict[str, float]:
    """Real patterns that the gate promoted, each under its own claim: dead ones noticed, living suspended."""
    rng = np.random.default_rng(seed)
    dead = living = lessons = 0
    for _ in range(runs):
        drawn = Candidates.draw(rng, gate.FEWEST_TRIALS, gate.FEWEST_TRIALS // 10, hits)
        when = promoted(looks_at(drawn.net), gate.FEWEST_TRIALS)
        for candidate in np.flatnonzero((when >= 0) & drawn.true):
            seen = drawn.net[candidate, : gate.LOOKS[when[candidate]]]
            claim, sd = gate.claim(sample(seen).mean), float(seen.std(ddof=1))
            dead += _suspended(rng, 0.0, claim, sd, blocks)
            living += _suspended(rng, edge_bps(hits), claim, sd, blocks)
            lessons += 1
    return {"dead_noticed": dead / lessons, "living_suspended": living / lessons, "lessons": lessons}


def _suspended(
    rng: np.random.Generator, true_bps: float, claim_bps: float, sd_bps: float, blocks: int
) -> bool:
    later = rng.normal(true_bps, SD_BPS, blocks)
    return doubt(later, claim=claim_bps, sd=sd_bps).suspended_at is not None
