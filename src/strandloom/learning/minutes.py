"""The window's minutes as the follower reads them, in an order of symbols that never changes."""

import numpy as np

from strandloom.indicators.frame import Floats, Frame
from strandloom.scoring.follow import MINUTE_S, Stretch

HOUR_MINUTES = 60


class SymbolOrder:
    """Numbers symbols as they first appear, and lays a frame's rows out by those numbers."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._seen: tuple[str, ...] = ()
        self._place = np.empty(0, dtype=np.int64)
        self._as_they_are = False  # the frame's rows are in our order

    def number(self, symbol: str) -> int:
        """The symbol's place in every minute from now on."""
        return self._number.setdefault(symbol, len(self._number))

    def stretch(self, symbols: tuple[str, ...], frame: Frame, begins: int, ends: int) -> Stretch:
        """Columns of the frame; symbols without a bar did not trade."""
        if symbols is not self._seen:
            self._place = np.array([self.number(symbol) for symbol in symbols], dtype=np.int64)
            self._seen = symbols
            self._as_they_are = self._place.tolist() == list(range(len(symbols)))
        begins, ends = begins - len(frame), ends - len(frame)
        at = frame.at[begins : ends or None]
        funding = self._laid(frame.funding, begins, ends)
        return Stretch(
            at_s=at * MINUTE_S,
            open=self._laid(frame.open, begins, ends),
            high=self._laid(frame.high, begins, ends),
            low=self._laid(frame.low, begins, ends),
            close=self._laid(frame.close, begins, ends),
            traded=self._laid(frame.volume, begins, ends) > 0,
            funding=np.where((at % HOUR_MINUTES == 0) & np.isfinite(funding), funding, 0.0),
        )

    def _laid(self, values: Floats, begins: int, ends: int) -> Floats:
        """Columns so far from the end; funding may not reach back as far as prices do."""
        first, stop = begins + values.shape[1], ends + values.shape[1]
        if self._as_they_are and len(values) == len(self._number) and first >= 0:
            return values[:, first:stop]
        out = np.full((len(self._number), ends - begins), np.nan)
        there = max(first, 0)
        if there < stop:
            out[self._place, there - first :] = values[:, there:stop]
        return out
