"""Features of neighbouring bars by name: laid out already, or worked out when somebody first reads them."""

from typing import Protocol

import numpy as np

from strandloom.indicators.features.catalogue import FAMILY, NAMES, NUMBER, newest
from strandloom.indicators.features.family import Family
from strandloom.indicators.frame import Floats, Frame
from strandloom.indicators.rounding import six_digits


class Rows(Protocol):
    """Newest last; NaN where a value is not known."""

    def __len__(self) -> int:
        """How many bars."""
        ...

    def __getitem__(self, name: str) -> Floats:
        """[bar × symbol]."""
        ...

    def by_time(self) -> Floats:
        """All of them, [feature × symbol × bar]."""
        ...


class Laid:
    """Rows that are there, [bar × feature × symbol]."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Floats) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, name: str) -> Floats:
        return self._rows[:, NUMBER[name]]

    def by_time(self) -> Floats:
        return np.moveaxis(self._rows, 0, -1)


class Wanted:
    """The newest `columns` bars of a frame.  A long stretch costs what is read of it, not all there is."""

    __slots__ = ("_columns", "_frame", "_known")

    def __init__(self, frame: Frame, columns: int) -> None:
        self._frame = frame
        self._columns = columns
        self._known: dict[str, Floats] = {}  # [bar × symbol]

    def __len__(self) -> int:
        return self._columns

    def __getitem__(self, name: str) -> Floats:
        if name not in self._known:
            self._work_out(FAMILY[name])
        return self._known[name]

    def by_time(self) -> Floats:
        return np.stack([self[name].T for name in NAMES])

    def _work_out(self, family: Family) -> None:
        out = np.full((len(family.features), self._frame.close.shape[0], self._columns), np.nan)
        with np.errstate(all="ignore"):
            for row, value in enumerate(newest(family, self._frame, self._columns)):
                out[row, :, self._columns - value.shape[-1] :] = value
            rounded = six_digits(out)
        rounded.flags.writeable = False
        self._known.update({name: rounded[row].T for row, name in enumerate(family.features)})
