"""A lesson's trail: every outcome that counts for it, in order of opening, and the blocks they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from hashlib import sha256
from typing import Any
from uuid import UUID

import numpy as np

from strandloom.scoring.evidence import Bools, Floats, Ints
from strandloom.scoring.nulls import Sample


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trail:
    """Columns, one row per outcome; `until_s` is the line up to which all of them are known."""

    predictions: tuple[str, ...]
    opened_s: Ints
    net: Floats
    gross: Floats
    drift: Floats
    until_s: int

    @staticmethod
    def begun(since: datetime) -> "Trail":
        """Nothing yet; only what opens from this moment on will count."""
        none = np.zeros(0)
        return Trail(
            predictions=(),
            opened_s=np.zeros(0, dtype=np.int64),
            net=none,
            gross=none,
            drift=none,
            until_s=int(since.timestamp()),
        )

    def with_fold(self, fold: Mapping[str, Any]) -> "Trail":
        """With the rows of one more fold, which all opened at or after the line."""
        return Trail(
            predictions=(*self.predictions, *map(str, fold["predictions"])),
            opened_s=np.append(self.opened_s, np.array(fold["opened_s"], dtype=np.int64)),
            net=_more(self.net, fold["net"]),
            gross=_more(self.gross, fold["gross"]),
            drift=_more(self.drift, fold["drift"]),
            until_s=int(datetime.fromisoformat(str(fold["until"])).timestamp()),
        )

    @staticmethod
    def of(folds: Sequence[Mapping[str, Any]], since: datetime) -> "Trail":
        """From the folds in the order in which they were made."""
        return reduce(Trail.with_fold, folds, Trail.begun(since))

    @property
    def excess(self) -> Floats:
        """What it earned before costs beyond what any entry would have."""
        return self.gross - self.drift

    def _between(self, start: int, stop: int) -> "Trail":
        return Trail(
            predictions=self.predictions[start:stop],
            opened_s=self.opened_s[start:stop],
            net=self.net[start:stop],
            gross=self.gross[start:stop],
            drift=self.drift[start:stop],
            until_s=self.until_s,
        )

    def only(self, these: Bools) -> "Trail":
        """Some of its rows."""
        return Trail(
            predictions=tuple(name for name, kept in zip(self.predictions, these, strict=True) if kept),
            opened_s=self.opened_s[these],
            net=self.net[these],
            gross=self.gross[these],
            drift=self.drift[these],
            until_s=self.until_s,
        )

    def whole_blocks(self, block_s: int) -> "Trail":
        """The rows of blocks that lie wholly below the line: nothing can be added to them any more."""
        line = self.until_s // block_s * block_s
        return self._between(0, int(np.searchsorted(self.opened_s, line)))

    def n_blocks(self, block_s: int) -> int:
        """Blocks with an outcome."""
        return int(_begins(self.opened_s // block_s).sum())

    def first_blocks(self, n: int, block_s: int) -> "Trail":
        """The rows of the first n blocks."""
        begins = np.flatnonzero(_begins(self.opened_s // block_s))
        return self._between(0, int(begins[n]) if begins.size > n else len(self.predictions))

    def after(self, moment_s: float) -> "Trail":
        """The rows that opened at that moment or later."""
        return self._between(int(np.searchsorted(self.opened_s, moment_s)), len(self.predictions))

    def sample(self, values: Floats, block_s: int) -> Sample:
        """A value per row as the tests take it."""
        sums, rows = self._sums(values, block_s)
        return Sample.of(sums, rows)

    def block_means(self, values: Floats, block_s: int) -> Floats:
        """A value per row, averaged in each block."""
        sums, rows = self._sums(values, block_s)
        return sums / rows

    def _sums(self, values: Floats, block_s: int) -> tuple[Floats, Floats]:
        place = np.cumsum(_begins(self.opened_s // block_s)) - 1
        sums = np.bincount(place, weights=values).astype(np.float64)
        return sums, np.bincount(place).astype(np.float64)

    def ids(self, newest: int) -> tuple[UUID, ...]:
        """The newest predictions behind it."""
        return tuple(UUID(name) for name in self.predictions[-newest:])

    def digest(self) -> str:
        """The same for the same evidence."""
        return sha256("\n".join(self.predictions).encode()).hexdigest()


def _begins(block: Ints) -> Bools:
    """Where a row is the first of its block; rows lie in order of opening."""
    return np.asarray(np.diff(block, prepend=-1) != 0, dtype=np.bool_)


def _more(column: Floats, values: Sequence[float]) -> Floats:
    return np.append(column, np.array(values, dtype=np.float64))
