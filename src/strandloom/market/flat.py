"""Fills holes between bars: nothing traded, so the price stays where it was."""

import numpy as np

from strandloom.market.bars import REQUIRED, Bars, Flags, Floats, Minutes, bars


def fill(piece: Bars) -> Bars:
    """The same bars with every hole filled flat at the close before it, marked as filled."""
    minute = np.arange(piece.minute[0], piece.minute[-1] + 1, dtype=np.int64)
    before = np.searchsorted(piece.minute, minute, side="right") - 1
    made: Flags = piece.minute[before] != minute
    columns = {name: _filled(name, piece, before, made) for name in piece.columns}
    return bars(piece.venue, piece.symbol, minute, columns, piece.filled[before] | made)


def _filled(name: str, piece: Bars, before: Minutes, made: Flags) -> Floats:
    column = piece.columns["close"] if name in REQUIRED[:4] else piece.columns[name]
    flat = np.zeros(len(before)) if name in ("volume", "trades", "quote_volume") else column[before]
    return np.where(made, flat, piece.columns[name][before])
