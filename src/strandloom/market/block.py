"""Features of many bars of a replay, and what modules thought about all of them at once."""

import numpy as np

from strandloom.blackboard.desk import Think
from strandloom.indicators.features.rows import Rows
from strandloom.indicators.frame import Floats
from strandloom.market.view import PAST, Features

LEAD = PAST  # bars before the first one that is asked for: its past


class Block:
    """Bars of one timeframe, most of them ahead of the minute that is shown."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._thought: dict[Think, Floats] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, number: int) -> Features:
        """One bar, with no way to those after it."""
        return Features(self._rows, number, self._now)

    def coming(self, begins: int, ends: int, think: Think) -> Floats:
        """What was thought about several of them."""
        return self._all(think)[_place(begins, think) : _place(ends, think)]

    def _now(self, number: int, think: Think) -> Floats:
        thought: Floats = self._all(think)[_place(number, think)]
        return thought

    def _all(self, think: Think) -> Floats:
        if think not in self._thought:
            with np.errstate(all="ignore"):
                self._thought[think] = think(self._rows)
        return self._thought[think]


def _place(number: int, think: Think) -> int:
    """Where to find what was thought about a bar: the first ones of a block have too little behind them."""
    place = number + 1 - think.span
    if place < 0:
        raise LookupError(f"bar {number} of a block has less than {think.span} bars behind it")
    return place
