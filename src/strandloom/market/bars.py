"""The closed minutes of one symbol as columns: what is imported, stored, replayed and exported in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes

Floats = NDArray[np.float64]
Minutes = NDArray[np.int64]
Flags = NDArray[np.bool_]

REQUIRED = ("open", "high", "low", "close", "volume")
OPTIONAL = ("trades", "quote_volume", "bid", "ask", "mark", "oracle", "funding", "open_interest")
FIELDS = REQUIRED + OPTIONAL


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bars:
    """Bars of one symbol in time order.  NaN means that the feed did not say; gaps are simply absent."""

    venue: str
    symbol: str
    minute: Minutes  # ascending, no minute twice
    columns: Mapping[str, Floats]  # the required ones always, others where the feed has them
    filled: Flags  # made flat because nothing traded

    def __len__(self) -> int:
        return len(self.minute)

    def between(self, start: int, stop: int) -> Bars:
        """The bars of minutes `start` up to, not including, `stop`; views, not copies."""
        low, high = np.searchsorted(self.minute, (start, stop))
        return self.take(slice(int(low), int(high)))

    def take(self, rows: slice | Minutes | Flags) -> Bars:
        """The bars at those row numbers."""
        return Bars(
            venue=self.venue,
            symbol=self.symbol,
            minute=self.minute[rows],
            columns={name: column[rows] for name, column in self.columns.items()},
            filled=self.filled[rows],
        )

    def row(self, index: int) -> Bar:
        """One bar as a value."""
        return Bar(
            venue=self.venue,
            symbol=self.symbol,
            at=minutes.opens(int(self.minute[index])),
            filled=bool(self.filled[index]),
            **told({name: float(column[index]) for name, column in self.columns.items()}),
        )


def told(cells: Mapping[str, float]) -> dict[str, Any]:
    """The cells of a row that say something, as a bar carries them."""
    row: dict[str, Any] = {name: value for name, value in cells.items() if value == value}
    if "trades" in row:
        row["trades"] = int(row["trades"])
    return row


def bars(
    venue: str, symbol: str, minute: Minutes, columns: Mapping[str, Floats], filled: Flags | None = None
) -> Bars:
    """Bars from columns that are already in order; columns that say nothing are left out."""
    useful = {
        name: column for name, column in columns.items() if name in REQUIRED or np.isfinite(column).any()
    }
    flags = np.zeros(len(minute), dtype=np.bool_) if filled is None else filled
    return Bars(venue=venue, symbol=symbol, minute=minute, columns=useful, filled=flags)


def collect(values: Iterable[Bar]) -> list[Bars]:
    """Bar values as columns, one set per venue and symbol, sorted; of one minute twice the last stands."""
    by_symbol: dict[tuple[str, str], dict[int, Bar]] = {}
    for bar in values:
        by_symbol.setdefault((bar.venue, bar.symbol), {})[minutes.of(bar.at)] = bar
    return [_columns(venue, symbol, rows) for (venue, symbol), rows in by_symbol.items()]


def _columns(venue: str, symbol: str, rows: dict[int, Bar]) -> Bars:
    ordered = sorted(rows)
    columns = {
        name: np.array([getattr(rows[minute], name) for minute in ordered], dtype=np.float64)
        for name in FIELDS
    }
    filled = np.array([rows[minute].filled for minute in ordered], dtype=np.bool_)
    return bars(venue, symbol, np.array(ordered, dtype=np.int64), columns, filled)


def join(parts: Iterable[Bars]) -> Bars:
    """Bars of one symbol from several pieces; where pieces overlap the later piece stands."""
    pieces = list(parts)
    names = [name for name in FIELDS if any(name in piece.columns for piece in pieces)]
    minute = np.concatenate([piece.minute for piece in pieces])
    order = np.argsort(minute, kind="stable")
    last = np.append(np.diff(minute[order]) > 0, True)
    rows = order[last]
    columns = {name: np.concatenate([_column(piece, name) for piece in pieces])[rows] for name in names}
    filled = np.concatenate([piece.filled for piece in pieces])[rows]
    return bars(pieces[0].venue, pieces[0].symbol, minute[rows], columns, filled)


def same(piece: Bars, other: Bars) -> Flags:
    """Which bars of the first piece the other one has too, with the same numbers."""
    at = np.searchsorted(other.minute, piece.minute).clip(0, max(len(other) - 1, 0))
    equal: Flags = (other.minute[at] == piece.minute) & (other.filled[at] == piece.filled)
    for name in {*piece.columns, *other.columns}:
        left, right = _column(piece, name), _column(other, name)[at]
        equal &= (left == right) | (np.isnan(left) & np.isnan(right))
    return equal


def _column(piece: Bars, name: str) -> Floats:
    column = piece.columns.get(name)
    return np.full(len(piece), np.nan) if column is None else column
