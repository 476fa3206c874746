"""What refused plans of a symbol would have earned: the way back from probation."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from strandloom.blackboard.desk import Looks
from strandloom.scoring.nulls import Sample, lower_bound

BLOCK_S = 8 * 3_600
ENOUGH_BLOCKS = 60
ALPHA = 0.10


async def shadows_of(looks: Looks, symbol: str, since: date) -> Sequence[Mapping[str, Any]]:
    """Shadow outcomes of a symbol that opened since then."""
    begun = datetime(since.year, since.month, since.day, tzinfo=UTC)
    return await looks.look("evidence.shadows", symbol=symbol, since=begun.isoformat())


def earned_back(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Over enough blocks, the lower bound of their mean net result is above zero."""
    if not rows:
        return False
    opened = np.array([datetime.fromisoformat(str(row["opened_at"])).timestamp() for row in rows])
    results = np.array([float(row["r_bps"]) for row in rows])
    _, block = np.unique(opened // BLOCK_S, return_inverse=True)
    sums = np.bincount(block, weights=results).astype(np.float64)
    sample = Sample.of(sums, np.bincount(block).astype(np.float64))
    return sample.n >= ENOUGH_BLOCKS and lower_bound(sample, ALPHA) > 0.0
