"""The e-process that notices when a promoted edge has died: fair bets against the claim, block by block."""

from dataclasses import dataclass

import numpy as np

from strandloom.scoring.evidence import Floats

BET = 0.14
CLIP = 4.0
ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """The wealth of a doubter after each block, and the first block at which the claim is given up."""

    wealth: Floats
    suspended_at: int | None


def doubt(block_means: Floats, *, claim: float, sd: float, alpha: float = ALPHA) -> Doubt:
    """Bet against `claim` on every block in opening order; `sd` is that of blocks at promotion."""
    x = np.clip(block_means / sd, -CLIP, CLIP)
    c = min(max(claim / sd, -CLIP), CLIP)
    wealth: Floats = np.cumprod(np.maximum(1.0 + BET * (c - x), 0.0), dtype=np.float64)
    over = np.flatnonzero(wealth >= 1.0 / alpha)
    return Doubt(wealth=wealth, suspended_at=int(over[0]) if over.size else None)
