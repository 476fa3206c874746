"""Rows of one column in memory that grows at its end and that readers cannot write to."""

from mmap import mmap

import numpy as np

from strandloom.indicators.frame import Floats

_SPARE = 1 / 16  # a full buffer is replaced by one with that much more room than it must keep


class Buffer:
    """One row per bar.  It is written only past the rows that readers were given.

    When it is full, or a row is corrected, its newest rows move to new memory and readers keep the old:
    appending costs the same however long the buffer is.  More to spare is more memory and fewer moves.
    """

    def __init__(self, symbols: int, keep: int, spare: float = _SPARE) -> None:
        self._symbols = symbols
        self._keep = keep
        self._spare = int(keep * spare) + 64
        self._start = self._stop = 0
        self._renew(np.empty((0, symbols)))

    @property
    def rows(self) -> int:
        """How many there are to read."""
        return self._stop - self._start

    def extend(self, rows: Floats) -> None:
        """Append rows [bar × symbol]; only as many of the newest are kept as were asked for."""
        rows = rows[-self._keep :]
        if self._stop + len(rows) > len(self._writer):
            self._renew(self._writer[max(self._start, self._stop + len(rows) - self._keep) : self._stop])
        self._writer[self._stop : self._stop + len(rows)] = rows
        self._stop += len(rows)
        self._start = max(self._start, self._stop - self._keep)

    def correct(self, age: int, row: Floats) -> None:
        """Replace the known values of the row that is `age` rows from the end (1 is the newest)."""
        if 0 < age <= self.rows:
            self._renew(self._writer[self._start : self._stop])
            there = self._writer[self._stop - age]
            self._writer[self._stop - age] = np.where(np.isnan(row), there, row)

    def view(self) -> Floats:
        """[symbol × bar], read-only for good: the memory behind it is lent as read-only."""
        return self._reader[self._start : self._stop].T

    def _renew(self, kept: Floats) -> None:
        size = self._keep + self._spare
        memory = mmap(-1, max(1, size * self._symbols * 8))  # pages cost nothing until written
        shape = size, self._symbols
        self._writer = np.frombuffer(memory, count=size * self._symbols).reshape(shape)
        self._reader = np.frombuffer(memoryview(memory).toreadonly(), count=self._writer.size).reshape(shape)
        self._writer[: len(kept)] = kept
        self._start, self._stop = 0, len(kept)
