"""Quarters of an hour: what began in each on which symbol, the last two weeks of them, kept in a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import numpy as np

from strandloom.blackboard.desk import Looks
from strandloom.blackboard.strand import Write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write
from strandloom.scoring.together import Cube

QUARTER_S = 900
SLOTS = 96  # in a day
DAYS = 14
KEPT = DAYS * SLOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """One quarter of an hour, by its number since 1970."""

    number: int
    began: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # stream → symbols
    tried: tuple[str, ...] = ()  # pairs that were tested with it
    told: tuple[str, ...] = ()  # what was told of coverage, where that had changed
    looked: bool = False  # whether coverage was looked at


class History:
    """The quarters of two weeks, oldest first; putting one in twice is putting it in once."""

    def __init__(self, quarters: Iterable[Quarter] = ()) -> None:
        self._quarters: dict[int, Quarter] = {}
        self._streams: dict[str, dict[int, tuple[str, ...]]] = {}
        for quarter in quarters:
            self.put(quarter)

    @property
    def newest(self) -> int | None:
        return next(reversed(self._quarters), None)

    @property
    def first(self) -> int | None:
        return next(iter(self._quarters), None)

    def put(self, quarter: Quarter) -> None:
        """The newest quarter; what is older than two weeks leaves."""
        self._take_out(quarter.number)
        self._quarters[quarter.number] = quarter
        for stream, symbols in quarter.began.items():
            self._streams.setdefault(stream, {})[quarter.number] = symbols
        while (oldest := self.first) is not None and oldest <= quarter.number - KEPT - SLOTS:
            self._take_out(oldest)

    def since(self, number: int) -> list[Quarter]:
        """Quarters from that one on, newest first."""
        found = []
        for quarter in reversed(self._quarters.values()):
            if quarter.number < number:
                break
            found.append(quarter)
        return found

    def streams(self) -> Mapping[str, dict[int, tuple[str, ...]]]:
        """Stream → quarter → symbols."""
        return self._streams

    def meetings(self, one: str, other: str) -> int:
        """How often both began in one quarter on one symbol."""
        mine, theirs = self._streams[one], self._streams[other]
        both = mine.keys() & theirs.keys()
        return sum(len({*mine[number]} & {*theirs[number]}) for number in both)

    def events(self, stream: str) -> int:
        """How often it began."""
        return sum(map(len, self._streams[stream].values()))

    def cube(self, stream: str, last: int, days: int, symbols: Mapping[str, int]) -> Cube:
        """The stream over whole days that end with quarter `last`."""
        width, first = len(symbols), last + 1 - days * SLOTS
        places = [
            (number - first) * width + symbols[name]
            for number, names in self._streams[stream].items()
            if number >= first
            for name in names
            if name in symbols
        ]
        found: Cube = np.zeros(days * SLOTS * width, dtype=np.float32)
        found[places] = 1.0
        return found.reshape(days, SLOTS, width)

    def _take_out(self, number: int) -> None:
        gone = self._quarters.pop(number, None)
        for stream in gone.began if gone else ():
            quarters = self._streams[stream]
            quarters.pop(number, None)
            if not quarters:
                del self._streams[stream]


def put(quarter: Quarter) -> Write:
    """Keep a quarter; the same one again changes nothing."""
    row = {
        "number": quarter.number,
        "began": {stream: list(symbols) for stream, symbols in quarter.began.items()},
        "tried": list(quarter.tried),
        "told": list(quarter.told),
        "looked": quarter.looked,
    }
    return Write(name="synthesis.put", values=row)


async def restored(looks: Looks) -> History:
    """All quarters that are kept."""
    rows = await looks.look("synthesis.quarters")
    return History(_quarter(row) for row in rows)


def _quarter(row: Mapping[str, Any]) -> Quarter:
    return Quarter(
        number=row["number"],
        began={stream: tuple(symbols) for stream, symbols in row["began"].items()},
        tried=tuple(row["tried"]),
        told=tuple(row["told"]),
        looked=row["looked"],
    )


@write("synthesis.put")
def _put(tables: Tables, values: Mapping[str, Any]) -> bool:
    table = tables["synthesis_quarters"]
    table.put(values["number"], dict(values))
    past = values["number"] - KEPT - SLOTS
    for number in [*takewhile(lambda number: number <= past, (number for number, _ in table.rows()))]:
        table.remove(number)
    return True


@look("synthesis.quarters")
def _quarters(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    return sorted((row for _, row in tables["synthesis_quarters"].rows()), key=lambda row: row["number"])
