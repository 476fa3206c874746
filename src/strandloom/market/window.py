"""The live market: minutes in as they close; bars of every timeframe and features out."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

import numpy as np

from strandloom.basics.errors import Retryable
from strandloom.indicators.frame import COLUMNS, Floats, Frame, Minutes
from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.columns import Columns
from strandloom.market.panel import Panel
from strandloom.market.tape import Tape
from strandloom.market.timeframes import MINUTES, ROLLED, closes_with, roll_up
from strandloom.market.view import Features, View

# Bars kept per timeframe: a week of minutes, and for the others what the most patient feature looks back.
KEEP = {"1m": 10_080, "5m": 1_856, "15m": 704, "30m": 640, "1h": 640, "4h": 180, "1d": 60}

VIEWS = 16


class Window:
    """Filled by every process from the bars of each heartbeat, in order; a restart warms it from stored ones.

    A minute holds what was known at its heartbeat.  What comes later is handed in as a correction with a
    later heartbeat; views taken before do not change.
    """

    def __init__(self, symbols: Iterable[str] = (), keep: Mapping[str, int] = KEEP) -> None:
        self.symbols = tuple(sorted(set(symbols)))
        self.minute: int | None = None  # the newest
        self._keep = keep
        self._columns = {name: Columns(len(self.symbols), MINUTES[name], keep[name]) for name in MINUTES}
        self._tapes = {name: Tape() for name in MINUTES}
        self._views: OrderedDict[int, View] = OrderedDict()  # the last few, for those who still think

    def clear(self) -> None:
        """Forget every minute; the symbols stay."""
        fresh = Window(self.symbols, self._keep)
        self.minute, self._columns, self._tapes = None, fresh._columns, fresh._tapes
        self._views.clear()

    def append(self, minute: int, bars: Iterable[Bar], corrections: Iterable[Bar] = ()) -> bool:
        """A minute's bars, and late or revised ones of earlier minutes; False when we have it already."""
        if self.minute is not None and minute <= self.minute:
            return False
        there = list(bars)
        self._admit(bar.symbol for bar in there)
        self.correct(corrections)
        self._close(minute, self._row(there))
        return True

    def correct(self, bars: Iterable[Bar]) -> None:
        """From the next minute on these are the values of those earlier minutes."""
        by_minute: dict[int, list[Bar]] = {}
        for bar in bars:
            by_minute.setdefault(minutes.of(bar.at), []).append(bar)
        for minute, late in by_minute.items():
            self._admit(bar.symbol for bar in late)
            self._columns["1m"].correct(minute, self._row(late))
            for name in ROLLED:
                self._roll_again(name, minute)
        if by_minute:
            self._forget_features()

    def warm(self, market: Panel, timeframe: str = "1m") -> None:
        """Many stored bars at once, oldest first; coarser timeframes may be warmed before minutes."""
        self._admit(market.symbols)
        order = [market.symbols.index(name) if name in market.symbols else -1 for name in self.symbols]
        there = np.array(order)[:, None] >= 0
        columns = {name: np.where(there, column[order], np.nan) for name, column in market.columns.items()}
        length = MINUTES[timeframe]
        at = np.arange(market.start, market.start + market.minutes * length, length, dtype=np.int64)
        self._extend(timeframe, at, columns)
        if timeframe == "1m" and len(at):
            for name in ROLLED:
                self._extend(name, *roll_up(at, columns, MINUTES[name]))
            self.minute = int(at[-1])

    def closed_at(self) -> datetime | None:
        """When the newest minute closed: how far market time has come here."""
        return None if self.minute is None else minutes.closes(self.minute)

    def at(self, moment: datetime) -> View:
        """The market of a strand of that time, as it was when the minute closed then."""
        minute = minutes.of(moment) - 1
        if self.minute is None or minute > self.minute:
            raise Retryable(f"the bars of {minutes.opens(minute)} have not come yet")
        if minute == self.minute:
            return self.view()
        return self._views[minute] if minute in self._views else self._older(minute)

    def view(self) -> View:
        """The market at the close of the newest minute; it stays as it is."""
        if self.minute is None:
            raise Retryable("no minute has closed yet")
        if self.minute not in self._views:
            self._views[self.minute] = self._view(self.minute)
            if len(self._views) > VIEWS:
                self._views.popitem(last=False)
        return self._views[self.minute]

    def _older(self, minute: int) -> View:
        """A minute long gone: without what came after it, but with the corrections since."""
        view = self._view(minute)
        frames = {name: _cut(view.bars(name), minute + 1) for name in MINUTES}
        return View(minute, self.symbols, frames.__getitem__, partial(_features, self._tapes, frames))

    def _view(self, minute: int) -> View:
        frames = {name: columns.frame() for name, columns in self._columns.items()}
        return View(minute, self.symbols, frames.__getitem__, partial(_features, self._tapes, frames))

    def _close(self, minute: int, row: Mapping[str, Floats]) -> None:
        self._columns["1m"].append(minute, row)
        self.minute = minute
        for name in ROLLED:
            if closes_with(name, minute) and len(self._columns["1m"]) >= MINUTES[name]:
                self._extend(name, *self._rolled(name, minute + 1))

    def _rolled(self, timeframe: str, stop: int) -> tuple[Minutes, dict[str, Floats]]:
        """The bar of that timeframe that ends where minute `stop` opens."""
        frame = self._columns["1m"].frame()
        end = len(frame) - (int(frame.at[-1]) + 1 - stop)
        whole = frame.between(end - MINUTES[timeframe], end)
        names = self._columns["1m"].names
        return roll_up(whole.at, {name: getattr(whole, name) for name in names}, MINUTES[timeframe])

    def _roll_again(self, timeframe: str, minute: int) -> None:
        length = MINUTES[timeframe]
        stop = (minute // length + 1) * length
        first = self._columns["1m"].frame().at[0]
        if stop <= (self.minute or 0) + 1 and first <= stop - length:
            at, rolled = self._rolled(timeframe, stop)
            self._columns[timeframe].correct(int(at[0]), {name: row[:, 0] for name, row in rolled.items()})

    def _extend(self, timeframe: str, at: Minutes, values: Mapping[str, Floats]) -> None:
        columns = self._columns[timeframe]
        fresh = at >= (columns.next or 0)
        if fresh.any():
            columns.extend(at[fresh], {name: matrix[:, fresh] for name, matrix in values.items()})

    def _row(self, bars: list[Bar]) -> dict[str, Floats]:
        """Column name → [symbol]; names that no bar has are left out."""
        place = {symbol: number for number, symbol in enumerate(self.symbols)}
        row: dict[str, Floats] = {}
        for bar in bars:
            for name in COLUMNS:
                value = getattr(bar, name)
                if value is not None:
                    row.setdefault(name, np.full(len(place), np.nan))[place[bar.symbol]] = value
        return row

    def _admit(self, symbols: Iterable[str]) -> None:
        """Newly listed symbols get a row of their own; rows are sorted by name."""
        new = set(symbols) - set(self.symbols)
        if new:
            before = {symbol: number for number, symbol in enumerate(self.symbols)}
            self.symbols = tuple(sorted({*before, *new}))
            rows = [before.get(symbol) for symbol in self.symbols]
            self._columns = {name: columns.rearranged(rows) for name, columns in self._columns.items()}
            self._forget_features()

    def _forget_features(self) -> None:
        self._tapes = {name: Tape() for name in MINUTES}  # views taken before keep the old


def _features(tapes: Mapping[str, Tape], frames: Mapping[str, Frame], timeframe: str) -> Features:
    return tapes[timeframe].at(frames[timeframe])


def _cut(frame: Frame, stop: int) -> Frame:
    """The bars that have closed by the time that minute `stop` opens."""
    return frame.between(0, int(np.searchsorted(frame.at, stop - frame.minutes, "right")))
