"""A market whose whole past and future is known, shown minute by minute: the window of a replay.

The same views as the live window gives, far cheaper: bars are laid in when somebody asks for them, and
features are worked out for many bars at once.  A view of minute t holds nothing later than t.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial

import numpy as np

from strandloom.blackboard.desk import Think
from strandloom.indicators.features.catalogue import features
from strandloom.indicators.frame import COLUMNS, Floats, Frame, Minutes, nothing
from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.columns import Columns
from strandloom.market.panel import Panel
from strandloom.market.timeframes import MINUTES, roll_up
from strandloom.market.view import PAST, Features, View, thought, unknown
from strandloom.market.window import KEEP

_CELLS = 60_000  # symbols × bars of a block: as much as the processor's cache likes


class History:
    """Every minute in the order of time; going back is not possible."""

    def __init__(self, market: Panel) -> None:
        order = sorted(range(len(market.symbols)), key=market.symbols.__getitem__)
        self.symbols = tuple(market.symbols[row] for row in order)
        self.minute = market.start - 1
        self._start = market.start
        self._columns = {name: column[order] for name, column in market.columns.items()}
        self._reels: dict[str, _Reel] = {}

    def view(self, minute: int) -> View:
        """Move on to the close of that minute."""
        if minute < self.minute:
            raise ValueError(f"a replay cannot go back from minute {self.minute} to {minute}")
        self.minute = minute
        return View(minute, self.symbols, partial(self._frame, minute), partial(self._features, minute))

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

    def _still_at(self, minute: int) -> None:
        if minute != self.minute:
            raise LookupError(f"the replay has moved on from minute {minute} to {self.minute}")

    def _reel(self, timeframe: str) -> "_Reel":
        if timeframe not in self._reels:
            at = np.arange(self._start, self._start + self._columns["close"].shape[1], dtype=np.int64)
            at, columns = roll_up(at, self._columns, MINUTES[timeframe])
            self._reels[timeframe] = _Reel(timeframe, at, columns, len(self.symbols))
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
        reel: "Callable[[str], _Reel]",
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


class _Reel:
    """One timeframe: all its bars, those laid in so far, and a block of features that reaches ahead."""

    def __init__(self, timeframe: str, at: Minutes, columns: dict[str, Floats], symbols: int) -> None:
        self._minutes = MINUTES[timeframe]
        self._at = at
        self._columns = columns
        self._symbols = symbols
        self._shown = Columns(symbols, self._minutes, KEEP[timeframe])
        self._laid_in = 0
        self._block = _Block(np.empty((0, 0, 0)))
        self._block_stop = 0  # bars before the end of the block

    def frame(self, minute: int) -> Frame:
        """The bars that have closed by the end of that minute."""
        closed = self._closed(minute)
        if closed > self._laid_in:
            cut = slice(self._laid_in, closed)
            values = {name: column[:, cut] for name, column in self._columns.items()}
            self._shown.extend(self._at[cut], values)
            self._laid_in = closed
        return self._shown.frame()

    def features(self, minute: int) -> Features:
        """The features of the newest bar that has closed by the end of that minute."""
        closed = self._closed(minute)
        if not closed:
            return unknown(self._symbols)
        if closed > self._block_stop or not len(self._block):
            self._work_out(closed)
        return self._block.row(len(self._block) - 1 - (self._block_stop - closed))

    def reaches(self, first: int) -> int:
        """The minute after the last one whose features are worked out along with those of minute `first`."""
        done = self._closed(first - 1)
        if done >= self._block_stop:
            self._work_out(done + 1)
        return int(self._at[0]) + self._block_stop * self._minutes

    def coming(self, first: int, stop: int, think: Think) -> tuple[Minutes, Floats]:
        """Of every bar that closes with minutes `first` up to, not including, `stop`."""
        done, closed = self._closed(first - 1), self._closed(stop - 1)
        if closed == done:
            return np.empty(0, dtype=np.int64), np.empty(0)
        if closed > self._block_stop:
            self._work_out(done + 1)
        begins = len(self._block) - (self._block_stop - done)
        return self._at[done:closed] + self._minutes - 1, self._block.coming(
            begins, begins + closed - done, think
        )

    def _closed(self, minute: int) -> int:
        if not len(self._at):
            return 0
        return int(min(len(self._at), max(0, (minute + 1 - int(self._at[0])) // self._minutes)))

    def _work_out(self, closed: int) -> None:
        """A block that begins early enough for the past of its first bar, and reaches far ahead."""
        ahead = min(max(128, _CELLS // self._symbols), 8_192)
        stop = min(len(self._at), closed - 1 + ahead)
        first = max(0, closed - PAST)
        self._block = _Block(features(self._whole(stop), stop - first))
        self._block_stop = stop

    def _whole(self, stop: int) -> Frame:
        shape = self._symbols, len(self._at)
        columns = {name: self._columns.get(name, nothing(*shape)) for name in COLUMNS}
        return Frame(minutes=self._minutes, at=self._at, **columns).between(0, stop)


class _Block:
    """Features of many bars [bar × feature × symbol], and what modules thought about all of them at once."""

    def __init__(self, rows: Floats) -> None:
        self._rows = rows
        self._thought: dict[Think, Floats] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, number: int) -> Features:
        """One bar, with no way to those after it."""
        return Features(
            _copy(self._rows[number]),
            lambda bars: _copy(self._rows[max(0, number + 1 - bars) : number + 1]),
            partial(self._through, number),
        )

    def coming(self, begins: int, ends: int, think: Think) -> Floats:
        """What was thought about several of them."""
        return self._all(think)[begins:ends]

    def _through(self, number: int, think: Think) -> Floats:
        return _copy(self._all(think)[number])

    def _all(self, think: Think) -> Floats:
        if think not in self._thought:
            self._thought[think] = thought(think, self._rows, len(self._rows))
        return self._thought[think]


def _copy(rows: Floats) -> Floats:
    """A reader's own copy: an array inside the block would lead to what lies ahead."""
    own = rows.copy()
    own.flags.writeable = False
    return own
