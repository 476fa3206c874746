"""How many ideas were tried before this one, and how much a Sharpe ratio is worth after so many."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from strandloom.indicators.frame import Floats
from strandloom.scoring.sharpe import deflated_sharpe


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """Sharpe ratios per day of every different run up to this one; the same run again is the same trial."""

    sharpes: Sequence[float] = ()  # of the others

    @property
    def count(self) -> int:
        return len(self.sharpes) + 1


def per_day(returns: Floats) -> float:
    """The Sharpe ratio per day: what trials are kept by."""
    sd = float(returns.std(ddof=1)) if returns.size > 1 else 0.0
    return float(returns.mean()) / sd if sd > 0.0 else 0.0


def deflated(returns: Floats, trials: Trials) -> float | None:
    """The probability that this one is better than the best of so many worthless ones."""
    every = np.array([*trials.sharpes, per_day(returns)])
    spread = float(every.std(ddof=1)) if every.size > 1 else 0.0
    return deflated_sharpe(returns, trials.count, spread)
