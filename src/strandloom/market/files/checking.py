"""Judges the rows of a file, line by line, and makes bars of the good ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from strandloom.basics.errors import BadInput
from strandloom.market import minute as minutes
from strandloom.market.bars import Bars, Flags, Minutes, bars
from strandloom.market.files.reading import Content
from strandloom.market.files.stamps import NO_TIME
from strandloom.market.minute import MINUTE_MS

Told = Literal["open", "close"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One kind of problem: how often, where first, and what repairing does about it."""

    what: str
    lines: Sequence[int]
    repair: str

    def __str__(self) -> str:
        some = ", ".join(str(line) for line in self.lines[:5])
        more = f" and {len(self.lines) - 5} more" if len(self.lines) > 5 else ""
        return f"{self.what}: line{'s' if len(self.lines) > 1 else ''} {some}{more}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The bars that are good or were repaired, and all that was found."""

    pieces: Sequence[Bars]
    problems: Sequence[Problem]


def check(content: Content, venue: str, symbol: str | None, told: Told | None = None) -> Checked:
    """Look at every row; rows that no repair can save are left out of the bars."""
    rows = _Rows(content, told)
    problems = [*rows.problems()]
    pieces = []
    for name, chosen in _by_symbol(content, symbol):
        piece, found = rows.bars(venue, name, chosen)
        problems += found
        pieces.append(piece)
    return Checked(pieces=[piece for piece in pieces if len(piece)], problems=problems)


class _Rows:
    """The columns of a file and which of its rows are any good."""

    def __init__(self, content: Content, told: Told | None) -> None:
        self._content = content
        self._columns = {name: content.field(name) for name in content.layout.fields}
        self._minute, self._off = _minutes(content, told)
        prices = [self._columns[name] for name in ("open", "high", "low", "close")]
        volume = self._columns["volume"]
        numbers = np.logical_and.reduce([np.isfinite(column) for column in (*prices, volume)])
        below = np.logical_or.reduce([column <= 0 for column in prices]) | (volume < 0)
        self._no_time: Flags = content.time_ms == NO_TIME
        self._no_number: Flags = ~numbers
        self._not_positive: Flags = numbers & below
        top, bottom = np.max(prices, axis=0), np.min(prices, axis=0)
        self._swapped: Flags = numbers & (self._columns["high"] < self._columns["low"])
        self._outside: Flags = (
            numbers & ~self._swapped & ((self._columns["high"] < top) | (self._columns["low"] > bottom))
        )
        self._good = ~(self._no_time | self._off | self._no_number | self._not_positive)
        self._columns["high"], self._columns["low"] = top, bottom

    def problems(self) -> Iterator[Problem]:
        for what, where, repair in (
            ("no readable time", self._no_time, "left out"),
            ("not on a full minute", self._off, "left out"),
            ("a price or the volume is not a number", self._no_number & ~self._no_time, "left out"),
            ("a price is not above 0, or the volume is below", self._not_positive, "left out"),
            ("high below low", self._swapped, "exchanged"),
            ("open or close outside high and low", self._outside, "high and low widened"),
        ):
            if where.any():
                yield Problem(what=what, lines=self._lines(np.flatnonzero(where)), repair=repair)

    def bars(self, venue: str, symbol: str, chosen: Flags) -> tuple[Bars, list[Problem]]:
        """The good rows of one symbol in order, each minute once."""
        rows = np.flatnonzero(chosen & self._good)
        behind = rows[1:][np.diff(self._minute[rows]) < 0]
        rows = rows[np.argsort(self._minute[rows], kind="stable")]
        last: Flags = np.append(np.diff(self._minute[rows]) > 0, True)[: len(rows)]
        found = [
            Problem(what=f"{symbol}: {what}", lines=self._lines(where), repair=repair)
            for what, where, repair in (
                ("not in order of time", behind, "sorted"),
                ("a minute that comes again later", rows[~last], "the last one stands"),
            )
            if len(where)
        ]
        keep = rows[last]
        columns = {name: column[keep] for name, column in self._columns.items()}
        return bars(venue, symbol, self._minute[keep], columns, self._content.filled[keep]), found

    def _lines(self, rows: Minutes) -> list[int]:
        return [self._content.line(int(row)) for row in np.sort(rows)]


def _minutes(content: Content, told: Told | None) -> tuple[Minutes, Flags]:
    """The minute of each row, and where a time is not the edge of one."""
    times = content.time_ms
    rest = times % MINUTE_MS
    last_ms: Flags = rest == MINUTE_MS - 1
    closes = told == "close" or (told is None and (content.layout.tells_the_close or bool(last_ms.all())))
    shifted = times - MINUTE_MS if closes else times
    minute = np.where(last_ms & closes, times // MINUTE_MS, shifted // MINUTE_MS)
    off: Flags = (rest != 0) & ~(last_ms & closes) & (times != NO_TIME)
    return minute, off


def _by_symbol(content: Content, symbol: str | None) -> Iterator[tuple[str, Flags]]:
    everything: Flags = np.ones(content.rows, dtype=np.bool_)
    names = content.symbols
    if names is None:
        yield symbol or _from_name(content.path.name), everything
        return
    there = np.unique(names)
    if symbol is not None and len(there) > 1:
        raise BadInput(f"{content.path} has {len(there)} symbols; --symbol can only rename a single one")
    for name in there:
        yield symbol or str(name), names == name


def _from_name(name: str) -> str:
    """`BTC-1m.csv` is about BTC."""
    found = name.split(".")[0].split("_")[0].split("-")[0].upper()
    if not found.isalnum():
        raise BadInput(f"{name} has no column with the symbol; say which it is with --symbol")
    return found


def spacing(piece: Bars) -> int:
    """How many minutes lie between two bars at least; of one or two bars nobody can tell."""
    return int(np.diff(piece.minute).min()) if len(piece) > 2 else 1


def gaps(piece: Bars) -> list[tuple[int, int]]:
    """(first missing minute, how many) of each hole."""
    steps = np.diff(piece.minute)
    return [(int(piece.minute[at]) + 1, int(steps[at]) - 1) for at in np.flatnonzero(steps > 1)]


def shown(gap: tuple[int, int]) -> str:
    """A hole for people."""
    first, count = gap
    return f"{minutes.opens(first):%Y-%m-%d %H:%M} +{count} min"
