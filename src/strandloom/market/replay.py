"""A panel as heartbeats in bulk: what the live assembler would say of the same bars, far cheaper."""

from bisect import bisect_left
from collections.abc import Iterator

import numpy as np

from strandloom.kinds.heartbeat import Heartbeat
from strandloom.market import minute as minutes
from strandloom.market.bars import Flags
from strandloom.market.beat import Beat, notes
from strandloom.market.describe import Noted, describe
from strandloom.market.holes import Holes
from strandloom.market.panel import Panel


def beats(market: Panel) -> Iterator[Beat]:
    """Every minute of the panel; a symbol is expected from its first bar on.  Bars stay in the panel."""
    told = Beats(market)
    return (told.at(minute) for minute in range(market.start, market.stop))


class Beats:
    """The same, asked for minute by minute; those of which nothing special is to be told may be left out."""

    def __init__(self, market: Panel) -> None:
        self._market = market
        self._scan = _Scan(market)
        self._everyone = tuple(sorted(market.symbols))
        self._special: list[int] = (np.flatnonzero(~self._scan.plain) + market.start).tolist()

    def at(self, minute: int) -> Beat:
        """What is said of a minute; special ones must be asked for in order, all of them."""
        column = minute - self._market.start
        if self._scan.plain[column] and not self._scan.holes:
            body = Heartbeat(feed=self._market.venue, minute=minutes.opens(minute), present=self._everyone)
            return Beat(minute=minute, body=body)
        return self._scan.look(column)

    def special(self, first: int) -> int:
        """The first minute from `first` on of which there is more to say than that it closed."""
        if self._scan.holes:
            return first
        place = bisect_left(self._special, first)
        return self._special[place] if place < len(self._special) else self._market.stop


class _Scan:
    """Where the panel has everything, and the careful look where it has not."""

    def __init__(self, market: Panel) -> None:
        self.holes = Holes()
        self._market = market
        self._names = np.array(market.symbols)
        self._known: Flags = market.known
        never = ~self._known.any(axis=1)
        self._first = np.where(never, market.minutes, self._known.argmax(axis=1))
        self.plain: Flags = np.asarray(self._known.all(axis=0) & ~market.filled.any(axis=0))
        self.plain[self._first[self._first < market.minutes]] = False  # a listing is worth a note

    def look(self, column: int) -> Beat:
        market, known, noted = self._market, self._known[:, column], Noted(list)
        minute = market.start + column
        for symbol in self._named(self._first == column) if column else ():
            noted[symbol, "listed"].append(minute)
        body = describe(
            market.venue,
            minute,
            self._named(known),
            self._named((self._first <= column) & ~known),
            self.holes,
            noted,
            self._named(market.filled[:, column] & known),
            catch_up=not known.any(),  # told by nobody, so only given when the feed was back
        )
        return Beat(minute=minute, body=body, notes=notes(market.venue, noted))

    def _named(self, rows: Flags) -> tuple[str, ...]:
        return tuple(sorted(self._names[rows].tolist()))
