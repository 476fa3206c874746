"""What the gate sees of a candidate at one of its looks: the same blocks whenever it is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from strandloom.basics.ids import from_unix_ms
from strandloom.blackboard.strand import Write
from strandloom.kinds.lesson import Lesson
from strandloom.learning.lessons.trail import Trail
from strandloom.scoring import gate
from strandloom.scoring.evidence import SD_FLOOR_BPS
from strandloom.scoring.nulls import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The first so many whole blocks of a candidate, and what both gates make of them."""

    number: int
    rows: Trail
    block_s: int
    net: Sample
    excess: Sample
    positive: gate.Look | None
    negative: gate.Look | None

    @property
    def hits(self) -> int:
        return int((self.rows.net > 0).sum())

    @property
    def drift_bps(self) -> float:
        return float(self.rows.drift.mean())

    @property
    def sd_bps(self) -> float:
        """Of the block means that the claim is about."""
        return self._sd(self.rows.block_means(self.rows.net, self.block_s))

    @property
    def excess_sd_bps(self) -> float:
        return self._sd(self.rows.block_means(self.rows.excess, self.block_s))

    @property
    def ends(self) -> datetime:
        """The end of its last block: what opens from here on is out of its sample."""
        last = int(self.rows.opened_s[-1]) // self.block_s
        return from_unix_ms((last + 1) * self.block_s * 1_000)

    @staticmethod
    def _sd(means: Any) -> float:
        return max(float(np.std(means, ddof=1)), SD_FLOOR_BPS)


def block_s(lesson: Lesson) -> int:
    """The length of its blocks: twice its horizon."""
    return 2 * lesson.horizon_s


def margin_bps(lesson: Lesson) -> float:
    """How far below the drift baseline a pattern must lie to be called harmful."""
    return lesson.cost_bps / 2.0


def sights(lesson: Lesson, trail: Trail, first: int = 0) -> Iterator[Sight]:
    """Every look from the `first` on that its whole blocks allow."""
    length = block_s(lesson)
    whole = trail.whole_blocks(length)
    known = whole.n_blocks(length)
    for number, blocks in enumerate(gate.LOOKS):
        if number >= first and known >= blocks:
            yield see(lesson, whole, number)


def see(lesson: Lesson, whole: Trail, number: int) -> Sight:
    """One look at whole blocks."""
    length = block_s(lesson)
    rows = whole.first_blocks(gate.LOOKS[number], length)
    net, excess = rows.sample(rows.net, length), rows.sample(rows.excess, length)
    return Sight(
        number=number,
        rows=rows,
        block_s=length,
        net=net,
        excess=excess,
        positive=gate.look_at(net, excess),
        negative=gate.mirrored_look_at(excess, margin_bps(lesson)),
    )


def told(lesson: Lesson, sight: Sight, at: datetime) -> Iterator[Write]:
    """The look as it is written down, one row per gate that granted it."""
    content = {"net": _numbers(sight.net), "excess": _numbers(sight.excess), "drift": sight.drift_bps}
    for name, look in (("positive", sight.positive), ("negative", sight.negative)):
        if look is not None:
            yield Write(
                name="lesson.look",
                values={
                    "lesson": str(lesson.lesson),
                    "gate": name,
                    "number": look.number,
                    "at": at.isoformat(),
                    "n_blocks": sight.net.n,
                    "p": look.p,
                    "content": {**content, "n": len(sight.rows.predictions), "hits": sight.hits},
                },
            )


def _numbers(sample: Sample) -> dict[str, float]:
    return {"n": sample.n, "mean": sample.mean, "se": sample.se, "skew": sample.skew}
