"""The features of one timeframe, worked out once per bar and kept for a while."""

from strandloom.indicators.features.catalogue import NAMES, features
from strandloom.indicators.frame import Floats, Frame
from strandloom.market.buffer import Buffer
from strandloom.market.view import PAST, Features, laid, unknown

_KEPT = PAST + 8  # a view may be a few bars behind


class Tape:
    """Rows of features, newest last; what is missing is worked out when it is asked for."""

    def __init__(self) -> None:
        self._rows: Buffer | None = None
        self._next = 0  # the minute in which the bar after the newest row opens

    def at(self, frame: Frame) -> Features:
        """The features at the newest bar of this frame; unknown where it has no bar."""
        symbols = frame.close.shape[0]
        if not len(frame):
            return unknown(symbols)
        rows = self._up_to(frame, int(frame.at[-1]) + frame.minutes)
        if len(rows) < min(PAST, len(frame)):  # a view from before the oldest row we keep
            rows = features(frame, min(PAST, len(frame)))
        return _read(rows)

    def _up_to(self, frame: Frame, stop: int) -> Floats:
        symbols = frame.close.shape[0]
        if self._rows is None:
            self._rows = Buffer(len(NAMES) * symbols, _KEPT)
            self._grow(self._rows, frame, PAST, stop)
        elif stop > self._next:
            self._grow(self._rows, frame, (stop - self._next) // frame.minutes, stop)
        rows = self._rows.view().T.reshape(-1, len(NAMES), symbols)
        return rows[: max(0, len(rows) - (self._next - stop) // frame.minutes)]

    def _grow(self, rows: Buffer, frame: Frame, missing: int, stop: int) -> None:
        new = features(frame, min(missing, PAST, len(frame)))
        rows.extend(new.reshape(len(new), -1))
        self._next = stop


def _read(rows: Floats) -> Features:
    rows.flags.writeable = False
    return laid(rows)
