"""How far the observers can be believed: how alike they err, and what their pooled values came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import sqrt

import numpy as np
from scipy.stats import t as student

BLOCK_S = 8 * 3_600  # twice the longest holding time that signals have
ENOUGH_BLOCKS = 60
FEWEST_IN_BIN = 8
BINS = 10
KAPPA = 8.0
KEPT_BLOCKS = 400
KEPT_PLANS = 256
ASSUMED_CORRELATION = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Everything that plans of one stretch of time came to."""

    errors: Mapping[str, tuple[int, float]] = field(default_factory=dict)  # observer → plans, sum of errors
    bins: Mapping[int, tuple[int, float]] = field(
        default_factory=dict
    )  # pooled tenth → plans, sum of net bps


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """The reliability table, as sums per block."""

    blocks: Mapping[int, Block] = field(default_factory=dict)
    counted: tuple[str, ...] = ()

    def with_plan(
        self, plan: str, at_s: float, confidences: Mapping[str, float], pooled: float, r_bps: float
    ) -> "Reliability":
        """The table after one plan's outcome; the same plan counts once."""
        if plan in self.counted:
            return self
        number = int(at_s // BLOCK_S)
        block = self.blocks.get(number, Block())
        won = 1.0 if r_bps > 0 else 0.0
        errors = dict(block.errors)
        for observer, confidence in confidences.items():
            n, total = errors.get(observer, (0, 0.0))
            errors[observer] = (n + 1, total + confidence - won)
        tenth = min(int(pooled * BINS), BINS - 1)
        n, total = block.bins.get(tenth, (0, 0.0))
        bins = {**block.bins, tenth: (n + 1, total + r_bps)}
        kept = dict(sorted({**self.blocks, number: Block(errors=errors, bins=bins)}.items())[-KEPT_BLOCKS:])
        return replace(self, blocks=kept, counted=(*self.counted[-KEPT_PLANS:], plan))

    @property
    def known(self) -> bool:
        """Enough blocks to be believed."""
        return len(self.blocks) >= ENOUGH_BLOCKS

    def correlation(self) -> float:
        """Mean correlation of the observers' errors over blocks: assumed at first, 1 where undefined."""
        observers = sorted({name for block in self.blocks.values() for name in block.errors})
        if not self.known or len(observers) < 2:
            return ASSUMED_CORRELATION
        pairs = [self._correlation(a, b) for a, b in combinations(observers, 2)]
        return float(np.mean(pairs))

    def calibrated(self, pooled: float) -> float:
        """The probability that the mean net edge of such plans is above zero, leaning on the pooled value."""
        tenth = min(int(pooled * BINS), BINS - 1)
        sums = [block.bins[tenth] for block in self.blocks.values() if tenth in block.bins]
        if not self.known or len(sums) < FEWEST_IN_BIN:
            return pooled
        n, total = (np.array(column, dtype=np.float64) for column in zip(*sums, strict=True))
        mean, b = total.sum() / n.sum(), len(sums)
        se = max(sqrt(((total - n * mean) ** 2).sum() * b / (b - 1)) / n.sum(), 1.0 / sqrt(b))
        return float((KAPPA * pooled + b * student.cdf(mean / se, b - 1)) / (KAPPA + b))

    def _correlation(self, a: str, b: str) -> float:
        both = [block.errors for block in self.blocks.values() if a in block.errors and b in block.errors]
        if len(both) < ENOUGH_BLOCKS:
            return 1.0
        x, y = (np.array([errors[name][1] / errors[name][0] for errors in both]) for name in (a, b))
        if x.std() == 0.0 or y.std() == 0.0:
            return 1.0
        return float(np.corrcoef(x, y)[0, 1])
