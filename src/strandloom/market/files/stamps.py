"""Times of a file as milliseconds: whatever unit its numbers are in, whatever way its dates are written."""

from datetime import UTC, datetime
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from strandloom.basics.errors import BadInput

Column: TypeAlias = "pa.ChunkedArray[Any]"
NO_TIME = np.iinfo(np.int64).min
_PER_UNIT = {"min": (60_000, 1), "s": (1_000, 1), "ms": (1, 1), "us": (1, 1_000), "ns": (1, 1_000_000)}
UNITS = tuple(_PER_UNIT)
_LATEST = {"min": 1e8, "s": 1e11, "ms": 1e14, "us": 1e17, "ns": float("inf")}


def milliseconds(column: Column, unit: str | None) -> tuple[NDArray[np.int64], str]:
    """The times, NO_TIME where a cell has none, and the unit that was found."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _ints(pc.cast(pc.cast(column, pa.timestamp("ms"), safe=False), pa.int64())), "timestamps"
    if pa.types.is_date(kind):
        raise BadInput("the time column has only dates; one-minute bars need times")
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _numbers(column, unit)
    return _texts(column.to_pylist(), unit)


def _numbers(column: Column, unit: str | None) -> tuple[NDArray[np.int64], str]:
    values = column.cast(pa.float64(), safe=False) if pa.types.is_floating(column.type) else column
    whole = _ints(pc.cast(values, pa.int64(), safe=False))
    there = whole[whole != NO_TIME]
    found = unit or _unit(float(np.median(there)) if len(there) else 0.0)
    times, parts = _PER_UNIT[found]
    return np.where(whole == NO_TIME, NO_TIME, whole * times // parts), found


def _unit(typical: float) -> str:
    """No date between 2001 and 2200 has the same number in two units."""
    return next(unit for unit, latest in _LATEST.items() if typical < latest)


def _ints(column: Any) -> NDArray[np.int64]:
    filled: NDArray[np.int64] = pc.fill_null(column, int(NO_TIME)).to_numpy()
    return filled


def _texts(texts: list[Any], unit: str | None) -> tuple[NDArray[np.int64], str]:
    if texts and all(str(text).strip().lstrip("-").isdigit() for text in texts[:100] if text):
        numbers = pa.chunked_array([[int(text) if text else None for text in texts]])
        return _numbers(numbers, unit)
    return np.array([_text(text) for text in texts], dtype=np.int64), "dates as text, UTC"


def _text(text: Any) -> int:
    try:
        at = datetime.fromisoformat(str(text).strip().removesuffix(" UTC"))
    except ValueError:
        return int(NO_TIME)
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
