"""Arrays of one timeframe that grow at their newest end; what has been handed out never changes."""

from collections.abc import Mapping

import numpy as np

from strandloom.indicators.frame import COLUMNS, REQUIRED, Floats, Frame, Minutes, nothing
from strandloom.market.buffer import Buffer

KEEP_REST = 1_500  # bars that quotes, funding and open interest reach back: a day of minutes


class Columns:
    """Bars of all symbols, newest last: `keep` bars of what every feed has, a day of minutes of the rest."""

    def __init__(self, symbols: int, minutes: int, keep: int) -> None:
        self.minutes = minutes
        self.symbols = symbols
        self._keep = keep
        self._buffers = {name: self._buffer(name) for name in REQUIRED}
        self.next: int | None = None  # the minute in which the bar after the newest opens

    def __len__(self) -> int:
        return self._buffers["close"].rows

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that the feed has."""
        return tuple(self._buffers)

    def append(self, at: int, values: Mapping[str, Floats]) -> None:
        """One bar of every symbol; bars between the newest and this one are unknown."""
        row = {name: value[:, None] for name, value in values.items()}
        self.extend(np.array([at]), row)

    def extend(self, at: Minutes, values: Mapping[str, Floats]) -> None:
        """Neighbouring bars [symbol × bar] at once; bars between the newest and the first are unknown."""
        if self.next is not None:
            self._skip((int(at[0]) - self.next) // self.minutes)
        for name in values.keys() - self._buffers.keys():
            self._buffers[name] = self._latecomer(name)
        for name, buffer in self._buffers.items():
            column = values.get(name)
            buffer.extend(self._unknown(len(at)) if column is None else column.T)
        self.next = int(at[-1]) + self.minutes

    def correct(self, at: int, values: Mapping[str, Floats]) -> None:
        """Other values of an older bar from now on; NaN leaves what was there."""
        for name in values.keys() - self._buffers.keys():
            self._buffers[name] = self._latecomer(name)
        age = ((self.next or at) - at) // self.minutes
        for name, row in values.items():
            self._buffers[name].correct(age, row)

    def frame(self) -> Frame:
        """All bars as read-only views that stay as they are, whatever comes later."""
        bars = len(self)
        absent = nothing(self.symbols, bars)
        columns = {name: self._buffers[name].view() if name in self._buffers else absent for name in COLUMNS}
        stop = self.next or 0
        at = np.arange(stop - bars * self.minutes, stop, self.minutes, dtype=np.int64)
        at.flags.writeable = False
        return Frame(minutes=self.minutes, at=at, **columns)

    def rearranged(self, rows: list[int | None]) -> "Columns":
        """The same bars for other symbols: the row each comes from, None for one without a past."""
        known = [number for number, row in enumerate(rows) if row is not None]
        source = [row for row in rows if row is not None]
        other = Columns(len(rows), self.minutes, self._keep)
        frame = self.frame()
        for name in self._buffers:
            column = getattr(frame, name)
            bars = np.full((column.shape[1], len(rows)), np.nan)
            bars[:, known] = column[source].T
            other._buffers[name] = other._buffer(name)
            other._buffers[name].extend(bars)
        other.next = self.next
        return other

    def _buffer(self, name: str) -> Buffer:
        return Buffer(self.symbols, self._keep if name in REQUIRED else min(self._keep, KEEP_REST))

    def _latecomer(self, name: str) -> Buffer:
        """A column that the feed did not have so far."""
        buffer = self._buffer(name)
        buffer.extend(self._unknown(len(self)))
        return buffer

    def _skip(self, bars: int) -> None:
        if bars > 0:
            for buffer in self._buffers.values():
                buffer.extend(self._unknown(bars))

    def _unknown(self, bars: int) -> Floats:
        return nothing(min(bars, self._keep), self.symbols)
