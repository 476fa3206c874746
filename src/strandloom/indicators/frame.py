"""Closed bars of one timeframe for all symbols: what every indicator and every module reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Minutes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Cells = dict[str, list[float]]
"""Columns by name, newest bar last; an optional one may reach back less far."""

DAY_MINUTES = 1_440


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """Arrays [symbol × bar], newest last, without a missing column; NaN where a symbol has no bar.

    The optional arrays may reach back less far than the required ones; all end at the same bar.
    """

    minutes: int  # length of a bar
    at: Minutes  # [bar]: the minute since 1970 in which each bar opens
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats  # base units
    trades: Floats
    quote_volume: Floats
    bid: Floats  # at the end of the bar, as are the five below
    ask: Floats
    mark: Floats
    oracle: Floats
    funding: Floats  # hourly rate
    open_interest: Floats

    def __len__(self) -> int:
        return len(self.at)

    @property
    def per_day(self) -> int:
        """Bars of one UTC day."""
        return DAY_MINUTES // self.minutes

    def newest(self, row: int, bars: int) -> Cells:
        """The newest bars of one symbol as plain numbers: every column that the feed has."""
        columns = [(name, getattr(self, name)) for name in COLUMNS]
        return {name: column[row, -bars:].tolist() for name, column in columns if not is_nothing(column)}

    def between(self, start: int, stop: int) -> Frame:
        """The bars numbered `start` up to, not including, `stop`; views, not copies."""
        back = len(self) - stop, len(self) - start
        cut = {name: _from_the_end(getattr(self, name), *back) for name in COLUMNS}
        return Frame(minutes=self.minutes, at=self.at[start:stop], **cut)

    def tail(self, bars: int) -> Frame:
        """The newest bars, at most so many."""
        return self.between(max(0, len(self) - bars), len(self))


def _from_the_end(x: Floats, stop: int, start: int) -> Floats:
    bars = x.shape[1]
    return x[:, max(0, bars - start) : max(0, bars - stop)]


class Unfolding(Frame):
    """A frame that gets a column when somebody first reads it: most readers want a few of them."""

    __slots__ = ("_column", "_newest")
    _column: Callable[[str], Floats]
    _newest: Callable[[int, int], Cells] | None  # a shorter way to some bars of one symbol

    def __init__(
        self,
        minutes: int,
        at: Minutes,
        column: Callable[[str], Floats],
        newest: Callable[[int, int], Cells] | None = None,
    ) -> None:
        object.__setattr__(self, "minutes", minutes)
        object.__setattr__(self, "at", at)
        object.__setattr__(self, "_column", column)
        object.__setattr__(self, "_newest", newest)

    def __getattr__(self, name: str) -> Floats:
        """Asked for only where the column is not there yet."""
        if name not in COLUMNS:
            raise AttributeError(name)
        column = self._column(name)
        object.__setattr__(self, name, column)
        return column

    def newest(self, row: int, bars: int) -> Cells:
        return self._newest(row, bars) if self._newest else super().newest(row, bars)

    def between(self, start: int, stop: int) -> Frame:
        back = len(self) - stop, len(self) - start
        return Unfolding(
            self.minutes, self.at[start:stop], lambda name: _from_the_end(getattr(self, name), *back)
        )


COLUMNS = tuple(field.name for field in fields(Frame) if field.name not in ("minutes", "at"))
REQUIRED = ("open", "high", "low", "close", "volume")
OPTIONAL = tuple(name for name in COLUMNS if name not in REQUIRED)


@lru_cache(maxsize=64)
def _endless(symbols: int) -> Floats:
    return np.broadcast_to(np.float64(np.nan), (symbols, 1 << 40))


def nothing(symbols: int, bars: int) -> Floats:
    """A column that the feed does not have: NaN everywhere, without the memory."""
    return _endless(symbols)[:, :bars]


def is_nothing(column: Floats) -> bool:
    """Is it known without a look at its values that there are none?"""
    return column.strides == (0, 0)
