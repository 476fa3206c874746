"""The window's minutes as the follower reads them, in an order of symbols that never changes."""

import numpy as np

from strandloom.indicators.frame import Floats, Frame
from strandloom.scoring.follow import MINUTE_S, Minute

HOUR_MINUTES = 60


class SymbolOrder:
    """Numbers symbols as they first appear, and lays a frame's rows out by those numbers."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._seen: tuple[str, ...] = ()
        self._place = np.empty(0, dtype=np.int64)

    def number(self, symbol: str) -> int:
        """The symbol's place in every minute from now on."""
        return self._number.setdefault(symbol, len(self._number))

    def minute(self, symbols: tuple[str, ...], frame: Frame, column: int) -> Minute:
        """One column of the frame; symbols without a bar did not trade."""
        if symbols is not self._seen:
            self._place = np.array([self.number(symbol) for symbol in symbols], dtype=np.int64)
            self._seen = symbols
        minute = int(frame.at[column])
        back = column - len(frame) if column >= 0 else column
        volume = self._laid(frame.volume, back)
        on_the_hour = minute % HOUR_MINUTES == 0
        return Minute(
            at_s=minute * MINUTE_S,
            open=self._laid(frame.open, back),
            high=self._laid(frame.high, back),
            low=self._laid(frame.low, back),
            close=self._laid(frame.close, back),
            traded=np.nan_to_num(volume) > 0,
            funding=np.nan_to_num(self._laid(frame.funding, back)) if on_the_hour else np.zeros(volume.size),
        )

    def _laid(self, values: Floats, back: int) -> Floats:
        """The column so far from the end; funding may not reach back as far as prices do."""
        out = np.full(len(self._number), np.nan)
        if -back <= values.shape[1]:
            out[self._place] = values[:, back]
        return out
