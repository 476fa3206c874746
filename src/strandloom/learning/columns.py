"""All outcomes as columns, read page by page: what a restart fills its book from."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from strandloom.blackboard.desk import Looks
from strandloom.learning.keys import PatternKey
from strandloom.scoring.evidence import Bools, Floats, Ints

REMEMBERED_S = 3 * 86_400  # a redelivery comes sooner than that


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Rows in order of opening.  `names` are those of the newest rows only."""

    leaves: tuple[PatternKey, ...]
    leaf: Ints
    opened_s: Ints
    closed_s: Ints
    r_bps: Floats
    p: Floats
    base: Floats
    names: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.leaf.size)

    def name(self, row: int) -> str | None:
        """The prediction of a row; None for one so old that nobody speaks of it any more."""
        place = row - (len(self) - len(self.names))
        return self.names[place] if place >= 0 else None


async def columns(looks: Looks) -> Columns:
    """Every outcome that counts: those of patterns, in time."""
    pages = _Pages()
    after: dict[str, str] = {}
    while rows := await looks.look("evidence.columns", **after):
        (page,) = rows
        pages.take(page)
        after = {"after_at": page["after"][0], "after": page["after"][1]}
    return pages.whole()


class _Pages:
    """Pages with their own numbers of leaves, turned into arrays as they come."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._parts: dict[str, list[Any]] = {name: [] for name in _DTYPES}
        self._names: list[tuple[Ints, list[str]]] = []

    def take(self, page: dict[str, Any]) -> None:
        counts: Bools = np.array(page["counts"], dtype=np.bool_)
        known = self._number
        number = [known.setdefault(leaf, len(known)) for leaf in page["leaf"]]
        self._parts["leaf"].append(np.array(number, dtype=np.int32)[counts])
        for name, dtype in _DTYPES.items():
            if name != "leaf":
                self._parts[name].append(np.array(page[name], dtype=dtype)[counts])
        opened = self._parts["opened_s"][-1]
        self._names.append((opened, [page["prediction"][row] for row in np.flatnonzero(counts)]))
        while len(self._names) > 1 and not _reaches(self._names[0][0], opened):
            self._names.pop(0)

    def whole(self) -> Columns:
        parts = {name: np.concatenate(made or [np.empty(0)]) for name, made in self._parts.items()}
        return Columns(
            leaves=tuple(map(_key, self._number)),
            names=tuple(name for _, names in self._names for name in names),
            **{name: values.astype(_DTYPES[name]) for name, values in parts.items()},
        )


def _key(leaf: str) -> PatternKey:
    """Its six parts, as they stand side by side in a page."""
    pattern, direction, symbol, timeframe, regime, session = leaf.split("|")
    return PatternKey(
        pattern=pattern,
        direction=direction,
        symbol=symbol,
        timeframe=timeframe,
        regime=regime,
        session=session,
    )


_DTYPES: dict[str, Any] = {
    "leaf": np.int32,
    "opened_s": np.int64,
    "closed_s": np.int64,
    "r_bps": np.float64,
    "p": np.float64,
    "base": np.float64,
}


def _reaches(opened: Ints, newest: Ints) -> bool:
    """Is there anything in this page that a redelivery may still speak of?"""
    return not newest.size or (opened.size > 0 and int(opened[-1]) >= int(newest[-1]) - REMEMBERED_S)
