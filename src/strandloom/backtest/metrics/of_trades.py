"""What closed trades came to, whatever the days were."""

from collections.abc import Sequence

import numpy as np

from strandloom.indicators.frame import Floats


def profit_factor(results: Floats) -> float | None:
    """All gains over all losses; None without a loss."""
    lost = float(-results[results < 0.0].sum())
    return float(results[results > 0.0].sum()) / lost if lost > 0.0 else None


def win_rate(results: Floats) -> float | None:
    """The share that earned something net."""
    return float(np.mean(results > 0.0)) if results.size else None


def share(flags: Sequence[bool]) -> float | None:
    """How many of them are true."""
    return sum(flags) / len(flags) if flags else None
