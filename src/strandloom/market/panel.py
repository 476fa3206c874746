"""A stretch of market for all symbols at once: columns as [symbol × minute], the bulk form of a replay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from strandloom.basics.errors import BadInput
from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.bars import FIELDS, Bars, Flags, Floats, bars, told


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel:
    """Every minute from `start` on, one column each; NaN where a symbol has no bar."""

    venue: str
    symbols: tuple[str, ...]
    start: int  # the minute of column 0
    columns: Mapping[str, Floats]  # [symbol × minute]
    filled: Flags  # [symbol × minute]

    @property
    def minutes(self) -> int:
        """How many columns there are."""
        return int(self.filled.shape[1])

    @property
    def stop(self) -> int:
        """The first minute after the last column."""
        return self.start + self.minutes

    @property
    def known(self) -> Flags:
        """[symbol × minute]: where there is a bar."""
        return ~np.isnan(self.columns["close"])

    def bars(self, symbol: str) -> Bars:
        """The bars of one symbol."""
        row = self.symbols.index(symbol)
        there = np.flatnonzero(self.known[row])
        columns = {name: matrix[row, there] for name, matrix in self.columns.items()}
        return bars(self.venue, symbol, there + self.start, columns, self.filled[row, there])

    def column(self, minute: int) -> list[Bar]:
        """The bars of one minute as values."""
        index = minute - self.start
        cells = {name: matrix[:, index].tolist() for name, matrix in self.columns.items()}
        filled, at = self.filled[:, index].tolist(), minutes.opens(minute)
        return [
            Bar(
                venue=self.venue,
                symbol=symbol,
                at=at,
                filled=filled[row],
                **told({name: column[row] for name, column in cells.items()}),
            )
            for row, symbol in enumerate(self.symbols)
            if cells["close"][row] == cells["close"][row]
        ]

    def only(self, symbols: Sequence[str]) -> Panel:
        """Those symbols, in that order."""
        unknown = sorted(set(symbols) - set(self.symbols))
        if unknown:
            raise BadInput(f"there is no {', '.join(unknown)} here; there is {', '.join(self.symbols)}")
        rows = [self.symbols.index(symbol) for symbol in symbols]
        return Panel(
            venue=self.venue,
            symbols=tuple(symbols),
            start=self.start,
            columns={name: matrix[rows] for name, matrix in self.columns.items()},
            filled=self.filled[rows],
        )

    def between(self, start: int, stop: int) -> Panel:
        """The same symbols, fewer minutes; views, not copies."""
        cut = slice(max(0, start - self.start), max(0, stop - self.start))
        return Panel(
            venue=self.venue,
            symbols=self.symbols,
            start=max(start, self.start),
            columns={name: matrix[:, cut] for name, matrix in self.columns.items()},
            filled=self.filled[:, cut],
        )


def panel(pieces: Sequence[Bars], start: int | None = None, stop: int | None = None) -> Panel:
    """Bars of several symbols side by side, from `start` up to, not including, `stop`."""
    if not any(len(piece) for piece in pieces):
        raise BadInput("there are no bars to replay: import some or choose other symbols or another span")
    first = min(int(piece.minute[0]) for piece in pieces if len(piece)) if start is None else start
    end = max(int(piece.minute[-1]) for piece in pieces if len(piece)) + 1 if stop is None else stop
    names = [name for name in FIELDS if any(name in piece.columns for piece in pieces)]
    shape = (len(pieces), max(0, end - first))
    columns = {name: np.full(shape, np.nan) for name in names}
    filled = np.zeros(shape, dtype=np.bool_)
    for row, piece in enumerate(piece.between(first, end) for piece in pieces):
        at = piece.minute - first
        filled[row, at] = piece.filled
        for name, column in piece.columns.items():
            columns[name][row, at] = column
    symbols = tuple(piece.symbol for piece in pieces)
    return Panel(venue=pieces[0].venue, symbols=symbols, start=first, columns=columns, filled=filled)
