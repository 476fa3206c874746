"""One timeframe of a replay: bars that are laid in when somebody reads them, features worked out ahead."""

from functools import partial

import numpy as np

from strandloom.blackboard.desk import Think
from strandloom.indicators.features.rows import Laid, Wanted
from strandloom.indicators.frame import COLUMNS, REQUIRED, Cells, Floats, Frame, Minutes, Unfolding, nothing
from strandloom.market.block import LEAD, Block
from strandloom.market.buffer import Buffer
from strandloom.market.columns import KEEP_REST
from strandloom.market.timeframes import MINUTES
from strandloom.market.view import Features, unknown
from strandloom.market.window import KEEP

_CELLS = 60_000  # symbols × bars of a block: as much as the processor's cache likes


class Reel:
    """One timeframe: all its bars, those laid in so far, and a block of features that reaches ahead."""

    def __init__(self, timeframe: str, at: Minutes, columns: dict[str, Floats], symbols: int) -> None:
        self._minutes = MINUTES[timeframe]
        self._at = at
        self._at.flags.writeable = False
        self._length, self._first = len(at), int(at[0]) if len(at) else 0
        self._columns = columns
        self._symbols = symbols
        self._keep = KEEP[timeframe]
        self._absent = nothing(symbols, self._keep)
        self._shown = _Shown(columns, symbols, self._keep)
        self._block = Block(Laid(np.empty((0, 0, 0))))
        self._block_stop = 0  # bars before the end of the block

    def frame(self, minute: int) -> Frame:
        """The bars that have closed by the end of that minute."""
        closed = self._closed(minute)
        at = self._at[max(0, closed - self._keep) : closed]
        return Unfolding(
            self._minutes, at, partial(self._column, closed), partial(self._shown.newest, closed)
        )

    def _column(self, closed: int, name: str) -> Floats:
        """One column of a frame of so many closed bars."""
        if name not in self._columns:
            return self._absent[:, : min(closed, self._keep)]
        column = self._shown.column(closed, name)
        return column if name in REQUIRED else column[:, -KEEP_REST:]

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
        return self._first + self._block_stop * self._minutes

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
        return min(self._length, max(0, (minute + 1 - self._first) // self._minutes))

    def _work_out(self, closed: int) -> None:
        """A block that begins early enough for the past of its first bar, and reaches far ahead."""
        ahead = min(max(128, _CELLS // self._symbols), 8_192)
        stop = min(len(self._at), closed - 1 + ahead)
        first = closed - 1 - LEAD  # the bar before may still be asked for
        self._block = Block(Wanted(self._whole(stop), stop - first))
        self._block_stop = stop

    def _whole(self, stop: int) -> Frame:
        shape = self._symbols, len(self._at)
        columns = {name: self._columns.get(name, nothing(*shape)) for name in COLUMNS}
        return Frame(minutes=self._minutes, at=self._at, **columns).between(0, stop)


class _Shown:
    """All columns side by side, with as many of their bars laid in as anybody was allowed to see."""

    def __init__(self, columns: dict[str, Floats], symbols: int, keep: int) -> None:
        self._columns = columns
        self._symbols = symbols
        self._place = {name: slice(n * symbols, (n + 1) * symbols) for n, name in enumerate(columns)}
        self._buffer = Buffer(symbols * len(columns), keep, spare=2.0)  # there is one replay, and many bars
        self._laid_in = 0
        self._seen = self._buffer.view()

    def column(self, closed: int, name: str) -> Floats:
        """[symbol × bar]: the bars before that one."""
        return self._until(closed)[self._place[name]]

    def newest(self, closed: int, row: int, bars: int) -> Cells:
        """The last of them of one symbol, as plain numbers."""
        cells: list[list[float]] = self._until(closed)[row :: self._symbols, -bars:].tolist()
        if bars > KEEP_REST:
            cells = [
                cell if name in REQUIRED else cell[-KEEP_REST:]
                for name, cell in zip(self._columns, cells, strict=True)
            ]
        return dict(zip(self._columns, cells, strict=True))

    def _until(self, closed: int) -> Floats:
        """[column, symbol × bar], read-only; the bars after it are not in this memory, if nobody saw them."""
        if closed > self._laid_in:
            new = [column[:, self._laid_in : closed] for column in self._columns.values()]
            self._buffer.extend(np.concatenate(new).T)
            self._laid_in = closed
            self._seen = self._buffer.view()
        ahead = self._laid_in - closed
        return self._seen[:, :-ahead] if ahead else self._seen
