"""How far the observers can be believed: how alike they err, and what their pooled values came to.

The table is kept as JSON carries it.  A plan changes the newest block, seldom another; what all others say
together is worked out when a new one begins, so that the thousandth plan costs no more than the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import sqrt
from typing import Any, TypedDict

import numpy as np
from scipy.special import stdtr

from strandloom.basics.quick import changed, quick

BLOCK_S = 8 * 3_600  # twice the longest holding time that signals have
ENOUGH_BLOCKS = 60
FEWEST_IN_BIN = 8
BINS = 10
KAPPA = 8.0
KEPT_BLOCKS = 400
KEPT_PLANS = 64  # if an end is told twice, then within moments
ASSUMED_CORRELATION = 0.5

Sums = Mapping[str, Sequence[float]]
"""Name → plans and their total."""


class Block(TypedDict):
    """Everything that plans of one stretch of time came to."""

    errors: Sums  # by observer, of its errors
    bins: Sums  # by pooled tenth, of net bps


class Judged(TypedDict):
    """What the finished blocks say together."""

    blocks: int
    correlation: float  # of the observers' errors, the mean of all pairs
    tenths: Sums  # by pooled tenth: blocks, and the probability that their mean net edge is above zero


NOTHING_YET = Judged(blocks=0, correlation=ASSUMED_CORRELATION, tenths={})


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """The reliability table, as sums per block."""

    blocks: Mapping[str, Block] = field(default_factory=dict)  # by number, without the newest
    newest: Mapping[str, Block] = field(default_factory=dict)  # the one that was begun last, by its number
    counted: Sequence[str] = ()  # the newest plans, so that none counts twice
    judged: Judged = field(default_factory=lambda: NOTHING_YET)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Reliability":
        """What `to_row` told."""
        return cls(**row)

    def to_row(self) -> dict[str, Any]:
        """The table as a row's content."""
        return {
            "blocks": self.blocks,
            "newest": self.newest,
            "counted": self.counted,
            "judged": self.judged,
        }

    def with_plan(
        self, plan: str, at_s: float, confidences: Mapping[str, float], pooled: float, r_bps: float
    ) -> "Reliability":
        """The table after one plan's outcome; the same plan counts once."""
        if plan in self.counted:
            return self
        number, won = str(int(at_s // BLOCK_S)), 1.0 if r_bps > 0 else 0.0
        block = self.newest.get(number) or self.blocks.get(number)
        grown = {number: _grown(block or _EMPTY, confidences, won, pooled, r_bps)}
        counted = list(self.counted[-KEPT_PLANS:])
        counted.append(plan)
        if block is None:
            ended = _kept({**self.blocks, **self.newest})
            return Reliability(blocks=ended, newest=grown, counted=counted, judged=_judge(ended))
        if number in self.newest:
            return changed(self, newest=grown, counted=counted)
        return changed(self, blocks={**self.blocks, **grown}, counted=counted)

    @property
    def known(self) -> bool:
        """Enough blocks to be believed."""
        return self.judged["blocks"] >= ENOUGH_BLOCKS

    def correlation(self) -> float:
        """Mean correlation of the observers' errors over blocks: assumed at first, 1 where undefined."""
        return self.judged["correlation"]

    def calibrated(self, pooled: float) -> float:
        """The probability that the mean net edge of such plans is above zero, leaning on the pooled value."""
        b, probability = self.judged["tenths"].get(_tenth(pooled), (0, 0.0))
        return (KAPPA * pooled + b * probability) / (KAPPA + b) if b else pooled


def _tenth(pooled: float) -> str:
    return str(min(int(pooled * BINS), BINS - 1))


def _with(sums: Sequence[float] | None, value: float) -> Sequence[float]:
    n, total = sums or (0, 0.0)
    return n + 1, total + value


_EMPTY = Block(errors={}, bins={})


def _grown(block: Block, confidences: Mapping[str, float], won: float, pooled: float, r_bps: float) -> Block:
    """The block after one more plan."""
    errors, bins, tenth = dict(block["errors"]), dict(block["bins"]), _tenth(pooled)
    for observer, confidence in confidences.items():
        errors[observer] = _with(errors.get(observer), confidence - won)
    bins[tenth] = _with(bins.get(tenth), r_bps)
    return Block(errors=errors, bins=bins)


def _kept(blocks: Mapping[str, Block]) -> dict[str, Block]:
    """As many as are kept beside a new one, oldest first."""
    return dict(sorted(blocks.items(), key=lambda item: int(item[0]))[1 - KEPT_BLOCKS :])


def _judge(blocks: Mapping[str, Block]) -> Judged:
    if len(blocks) < ENOUGH_BLOCKS:
        return Judged(blocks=len(blocks), correlation=ASSUMED_CORRELATION, tenths={})
    finished = list(blocks.values())
    return Judged(blocks=len(blocks), correlation=_correlation(finished), tenths=_tenths(finished))


def _correlation(blocks: Sequence[Block]) -> float:
    means = [{name: total / n for name, (n, total) in block["errors"].items()} for block in blocks]
    pairs = combinations(sorted({name for each in means for name in each}), 2)
    found = [_of_pair([(each[a], each[b]) for each in means if a in each and b in each]) for a, b in pairs]
    return float(np.mean(found)) if found else ASSUMED_CORRELATION


def _of_pair(both: Sequence[tuple[float, float]]) -> float:
    if len(both) < ENOUGH_BLOCKS:
        return 1.0
    x, y = np.array(both).T
    if x.std() == 0.0 or y.std() == 0.0:
        return 1.0
    return float(np.corrcoef(x, y)[0, 1])


def _tenths(blocks: Sequence[Block]) -> Sums:
    by_tenth: dict[str, list[Sequence[float]]] = {str(tenth): [] for tenth in range(BINS)}
    for block in blocks:
        for tenth, sums in block["bins"].items():
            by_tenth[tenth].append(sums)
    return {tenth: (len(sums), _edge(sums)) for tenth, sums in by_tenth.items() if len(sums) >= FEWEST_IN_BIN}


def _edge(sums: Sequence[Sequence[float]]) -> float:
    """The probability that the mean net result is above zero, from plans and totals of its blocks."""
    n, total = (np.array(column, dtype=np.float64) for column in zip(*sums, strict=True))
    mean, b = total.sum() / n.sum(), len(sums)
    se = max(sqrt(((total - n * mean) ** 2).sum() * b / (b - 1)) / n.sum(), 1.0 / sqrt(b))
    return float(stdtr(b - 1, mean / se))
