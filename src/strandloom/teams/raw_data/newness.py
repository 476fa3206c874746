"""How much of what is seen of a symbol has not been seen for a while: a pure function of 64 bars."""

from dataclasses import dataclass

import numpy as np

from strandloom.indicators.features.rows import Rows
from strandloom.indicators.fold import rolling_max, rolling_min
from strandloom.indicators.frame import Floats

SPAN = 64


@dataclass(frozen=True, slots=True, eq=False)
class Newness:
    """Features → [bar × symbol]: share of features beyond their last 63 bars."""

    span: int = SPAN

    def __call__(self, rows: Rows) -> Floats:
        by_time = rows.by_time()
        now, before = by_time[..., SPAN - 1 :], by_time[..., :-1]
        top, bottom = rolling_max(before, SPAN - 1), rolling_min(before, SPAN - 1)
        moving = top > bottom
        beyond = moving & ((now > top) | (now < bottom))
        return np.ascontiguousarray((beyond.sum(axis=0) / moving.sum(axis=0)).T)


NEWNESS = Newness()
