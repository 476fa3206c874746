"""A market whose whole past and future is known, shown minute by minute: the window of a replay.

The same views as the live window gives, far cheaper: bars are laid in when somebody asks for them, and
features are worked out for many bars at once.  A view of minute t holds nothing later than t.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from math import nan

import numpy as np

from strandloom.blackboard.desk import Think
from strandloom.indicators.frame import COLUMNS, Floats, Frame, Minutes, nothing
from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.panel import Panel
from strandloom.market.reel import Reel
from strandloom.market.timeframes import MINUTES, roll_up
from strandloom.market.view import Features, View


class History:
    """Every minute in the order of time; going back is not possible."""

    def __init__(self, market: Panel) -> None:
        order = sorted(range(len(market.symbols)), key=market.symbols.__getitem__)
        self.symbols = tuple(market.symbols[row] for row in order)
        self.minute = market.start - 1
        self._start = market.start
        self._columns = {name: column[order] for name, column in market.columns.items()}
        self._reels: dict[str, Reel] = {}

    def view(self, minute: int) -> View:
        """Move on to the close of that minute."""
        if minute < self.minute:
            raise ValueError(f"a replay cannot go back from minute {self.minute} to {minute}")
        self.minute = minute
        return View(
            minute,
            self.symbols,
            partial(self._frame, minute),
            partial(self._features, minute),
            partial(self._price, minute),
        )

    def at(self, moment: datetime) -> View:
        """The market of a strand of that time: the minute that closed then."""
        return self.view(minutes.of(moment) - 1)

    def ahead(self, first: int, stop: int) -> "Coming":
        """The minutes from `first` on, for modules to say which of them they would let pass."""
        stop = min(stop, self._reel("1m").reaches(first))
        return Coming(first, stop, self.symbols, self._columns, self._start, self._reel)

    def correct(self, bars: Iterable[Bar]) -> None:
        """From the current minute on these are the values of those earlier minutes."""
        for bar in bars:
            row, column = self.symbols.index(bar.symbol), minutes.of(bar.at) - self._start
            for name in COLUMNS:
                value = getattr(bar, name)
                if value is not None and name in self._columns:
                    self._columns[name][row, column] = value
        self._reels.clear()  # laid in and worked out anew, from what is known now

    def _frame(self, minute: int, timeframe: str) -> Frame:
        self._still_at(minute)
        return self._reel(timeframe).frame(minute)

    def _features(self, minute: int, timeframe: str) -> Features:
        self._still_at(minute)
        return self._reel(timeframe).features(minute)

    def _price(self, minute: int, row: int) -> float:
        self._still_at(minute)
        at = minute - self._start
        return self._columns["close"].item(row, at) if at >= 0 else nan

    def _still_at(self, minute: int) -> None:
        if minute != self.minute:
            raise LookupError(f"the replay has moved on from minute {minute} to {self.minute}")

    def _reel(self, timeframe: str) -> Reel:
        if timeframe not in self._reels:
            at = np.arange(self._start, self._start + self._columns["close"].shape[1], dtype=np.int64)
            at, columns = roll_up(at, self._columns, MINUTES[timeframe])
            self._reels[timeframe] = Reel(timeframe, at, columns, len(self.symbols))
        return self._reels[timeframe]


class Coming:
    """A stretch of what lies ahead."""

    __slots__ = ("_columns", "_reel", "_start", "first", "stop", "symbols")

    def __init__(
        self,
        first: int,
        stop: int,
        symbols: tuple[str, ...],
        columns: Mapping[str, Floats],
        start: int,
        reel: Callable[[str], Reel],
    ) -> None:
        self.first, self.stop, self.symbols = first, stop, symbols
        self._columns, self._start, self._reel = columns, start, reel

    def column(self, name: str) -> Floats:
        """[symbol × minute]; empty columns where the feed has none."""
        column = self._columns.get(name)
        if column is None:
            return nothing(len(self.symbols), self.stop - self.first)
        return column[:, self.first - self._start : self.stop - self._start]

    def through(self, timeframe: str, think: Think) -> tuple[Minutes, Floats]:
        """With which minute each bar of that timeframe closes, and what `think` will say of it."""
        return self._reel(timeframe).coming(self.first, self.stop, think)
