"""Whole days of bars as the rows of `market_days`: parallel arrays, one row per symbol and UTC day."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from strandloom.market import minute as minutes
from strandloom.market.bars import OPTIONAL, REQUIRED, Bars, Floats
from strandloom.market.minute import DAY_MINUTES


def days(piece: Bars) -> Iterator[tuple[Any, ...]]:
    """One row of arguments per day; every bar known at its close, in its first version."""
    if not len(piece):
        return
    day = piece.minute // DAY_MINUTES
    cuts = np.flatnonzero(np.diff(day)) + 1
    for start, stop in zip([0, *cuts.tolist()], [*cuts.tolist(), len(piece)], strict=True):
        yield _day(int(day[start]), piece.take(slice(start, stop)))


def _day(day: int, piece: Bars) -> tuple[Any, ...]:
    minute = (piece.minute - day * DAY_MINUTES).tolist()
    return (
        piece.venue,
        piece.symbol,
        minutes.opens(day * DAY_MINUTES).date(),
        len(piece),
        None if len(piece) == DAY_MINUTES else minute,  # a whole day needs no list of its minutes
        None,  # no corrections
        None,  # all known at their close
        *(piece.columns[name].tolist() for name in REQUIRED),
        *(_optional(name, piece.columns.get(name)) for name in OPTIONAL),
        piece.filled.tolist() if piece.filled.any() else None,
    )


def _optional(name: str, column: Floats | None) -> list[float | int | None] | None:
    if column is None or not np.isfinite(column).any():
        return None
    turn = int if name == "trades" else float
    return [turn(value) if value == value else None for value in column.tolist()]
