"""Features of many bars of a replay, and what modules thought about all of them at once."""

from functools import partial

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
        return Features(partial(self._past, number), partial(self._through, number))

    def coming(self, begins: int, ends: int, think: Think) -> Floats:
        """What was thought about several of them."""
        first = think.span - 1
        if begins < first:
            raise LookupError(f"bar {begins} of a block has less than {think.span} bars behind it")
        return self._all(think)[begins - first : ends - first]

    def _past(self, number: int, name: str, bars: int) -> Floats:
        """A feature at the newest bars: a copy, since the block itself would lead to what lies ahead."""
        own = self._rows[name][max(0, number + 1 - bars) : number + 1].copy()
        own.flags.writeable = False
        return own

    def _through(self, number: int, think: Think) -> Floats:
        own = self.coming(number, number + 1, think)[0].copy()
        own.flags.writeable = False
        return own

    def _all(self, think: Think) -> Floats:
        if think not in self._thought:
            with np.errstate(all="ignore"):
                self._thought[think] = think(self._rows)
        return self._thought[think]
