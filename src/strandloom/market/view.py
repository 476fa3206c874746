"""The market as a module sees it while it thinks about one minute: nothing later is in it."""

from collections.abc import Callable
from datetime import datetime
from math import nan

import numpy as np

from strandloom.blackboard.desk import Think
from strandloom.indicators.features.catalogue import NUMBER
from strandloom.indicators.features.rows import Laid, Rows
from strandloom.indicators.frame import Floats, Frame, Minutes, nothing
from strandloom.market import minute as minutes
from strandloom.market.timeframes import closes_with

PAST = 64  # bars of each feature that can be asked for
LOOKED_BACK = 60


class Features:
    """The features of the newest bar of one timeframe, and their own recent past."""

    __slots__ = ("_number", "_rows", "_thought", "_through")

    def __init__(self, rows: Rows, number: int, through: Callable[[int, Think], Floats]) -> None:
        """The bar of that number among these rows; readers get copies, with no way to later bars."""
        self._rows = rows
        self._number = number
        self._through = through
        self._thought: dict[Think, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        """[symbol]: the feature now."""
        return _own(self._rows[name][self._number])

    def of(self, symbol: int, name: str) -> float:
        """The feature now of the symbol in that row."""
        return self._rows[name].item(self._number, symbol)

    def past(self, name: str, bars: int) -> Floats:
        """[symbol × bar]: the feature at the newest bars, NaN where it is not known; at most PAST of them."""
        if bars > PAST:
            raise ValueError(f"features are kept for {PAST} bars, not for {bars}")
        stop = self._number + 1
        there = self._rows[name][max(0, stop - bars) : stop].T
        return np.pad(there, ((0, 0), (bars - there.shape[1], 0)), constant_values=np.nan)

    def through(self, think: Think) -> Floats:
        """What a pure function of the newest `think.span` bars says now; worked out once."""
        if think not in self._thought:
            self._thought[think] = _own(self._through(self._number, think))
        return self._thought[think]


def thought(think: Think, rows: Floats, bars: int) -> Floats:
    """What `think` says of the newest `bars` of these rows; bars before the first are unknown."""
    needed = think.span + bars - 1
    rows = rows[-needed:]
    lacking = np.full((needed - len(rows), *rows.shape[1:]), np.nan)
    with np.errstate(all="ignore"):
        return think(Laid(np.concatenate([lacking, rows]) if len(lacking) else rows))


def laid(rows: Floats) -> Features:
    """The features of rows [bar × feature × symbol] that are there already."""
    return Features(Laid(rows), len(rows) - 1, lambda _, think: thought(think, rows[-think.span :], 1)[-1])


def _own(values: Floats) -> Floats:
    own = values.copy()
    own.flags.writeable = False
    return own


def unknown(symbols: int) -> Features:
    """The features of a timeframe of which no bar has closed yet."""
    return laid(nothing(len(NUMBER), symbols)[None])


class View:
    """The market at the close of one minute: all symbols, every timeframe, read-only."""

    __slots__ = ("_bars", "_features", "_frames", "_known", "_price", "minute", "symbols")

    def __init__(
        self,
        minute: int,
        symbols: tuple[str, ...],
        frames: Callable[[str], Frame],
        features: Callable[[str], Features],
        price: Callable[[int], float] | None = None,
    ) -> None:
        """`price`, where there is a shorter way to the last close of the symbol in a row."""
        self.minute = minute  # the newest one that is closed, since 1970
        self.symbols = symbols  # the rows of every array, by name
        self._frames = frames
        self._features = features
        self._price = price
        self._bars: dict[str, Frame] = {}
        self._known: dict[str, Features] = {}

    @property
    def now(self) -> datetime:
        """When that minute closed."""
        return minutes.closes(self.minute)

    def bars(self, timeframe: str = "1m") -> Frame:
        """The closed bars of that timeframe."""
        if timeframe not in self._bars:
            self._bars[timeframe] = self._frames(timeframe)
        return self._bars[timeframe]

    def features(self, timeframe: str = "1m") -> Features:
        """The features of its newest closed bar."""
        if timeframe not in self._known:
            self._known[timeframe] = self._features(timeframe)
        return self._known[timeframe]

    def price(self, row: int) -> float:
        """The last close of the symbol in that row; NaN where it has no bar."""
        if self._price is not None:
            return self._price(row)
        close = self.bars().close
        return close.item(row, -1) if close.shape[1] else nan

    def closes(self, timeframe: str) -> bool:
        """Did a bar of that timeframe close with this minute?"""
        return closes_with(timeframe, self.minute)

    def age_minutes(self) -> Minutes:
        """[symbol]: minutes since its newest bar, 0 for one of this minute, at most an hour."""
        known = np.isfinite(self.bars().close[:, -LOOKED_BACK:])[:, ::-1]
        return np.where(known.any(axis=1), known.argmax(axis=1), LOOKED_BACK)

    def missing(self, bars: int = LOOKED_BACK) -> Minutes:
        """[symbol]: how many of its newest minutes are unknown."""
        return np.asarray(np.isnan(self.bars().close[:, -bars:]).sum(axis=1), dtype=np.int64)
