"""Fills a process's window from the store: warm at the start, then minute by minute behind the heartbeat."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from loguru import logger

from strandloom.basics.clock import Clock, DrivenClock
from strandloom.basics.errors import Retryable
from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.bars import FIELDS
from strandloom.market.beat import Beat
from strandloom.market.panel import Panel, panel
from strandloom.market.store import BarStore
from strandloom.market.timeframes import MINUTES, ROLLED, roll_up
from strandloom.market.window import KEEP, Window

_LOOK_S = 0.5
LONGEST_MINUTES = max(KEEP[name] * MINUTES[name] for name in MINUTES)


class Filling:
    """One window.  The process that pumps hands over each beat; every other one follows the store."""

    def __init__(self, store: BarStore, venue: str, window: Window, clock: Clock) -> None:
        self._store = store
        self._venue = venue
        self._window = window
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def begin(self, symbols: Sequence[str], since: int) -> None:
        """Be ready for minute `since`: warm from the store, or go on with what was followed so far."""
        async with self._one_at_a_time:
            if self._window.minute != since - 1:
                self._window.clear()
                await self.warm(symbols, since)

    async def warm(self, symbols: Sequence[str], until: int) -> None:
        """All that the window keeps, up to, not including, minute `until`, as it was known by then."""
        start, as_of = (until - LONGEST_MINUTES) // MINUTES["1d"] * MINUTES["1d"], minutes.opens(until)
        pieces = [
            piece
            for symbol in symbols
            for piece in await self._store.read(self._venue, [symbol], start, until, as_of=as_of)
        ]
        if not pieces:
            return
        market = panel(pieces, stop=until)
        for name in ROLLED:
            if (rolled := _rolled(market, name)).minutes:
                self._window.warm(rolled, name)
        self._window.warm(market.between(until - KEEP["1m"], until))

    def beat(self, decided: Beat) -> None:
        """A minute has been decided in this process."""
        self._window.append(decided.minute, decided.first, decided.after)

    async def follow(self) -> None:
        """For ever: what the heartbeats of another process brought."""
        while True:
            try:
                await self.catch_up()
            except Retryable as error:
                logger.warning("bars_not_followed", why=str(error))
            await self._clock.sleep(_LOOK_S)

    async def reach(self, at: datetime) -> None:
        """See to it that the minute which closed then is there, if its heartbeat has been given."""
        if self._window.minute is None or self._window.minute < minutes.of(at) - 1:
            await self.catch_up()

    async def catch_up(self) -> int:
        """Take over every minute that was given since the last look; how many."""
        async with self._one_at_a_time:
            last, newest = await self._store.last_beat(self._venue), self._window.minute
            if last is None:
                return 0
            if newest is None or last - newest > KEEP["1m"]:
                self._window.clear()
                await self.warm(self._window.symbols, last + 1)
                taken = 1
            else:
                taken = await self._take_over(newest, last)
        self._tell_the_time(last)
        return taken

    def _tell_the_time(self, last: int) -> None:
        """Market time is what the data last said, whoever's feed it came from."""
        if isinstance(self._clock, DrivenClock) and self._clock.now() < minutes.closes(last):
            self._clock.set(minutes.closes(last))

    async def _take_over(self, newest: int, last: int) -> int:
        if last <= newest:
            return 0
        learned = await self._store.learned(self._venue, minutes.closes(newest), minutes.closes(last))
        for minute in range(newest + 1, last + 1):
            told = [_bar(self._venue, row) for row in learned if row["known_at"] == minutes.closes(minute)]
            at = minutes.opens(minute)
            late = [bar for bar in told if bar.at != at]
            self._window.append(minute, [bar for bar in told if bar.at == at], late)
        return last - newest


def _rolled(market: Panel, timeframe: str) -> Panel:
    """The whole bars of a longer timeframe, as many as the window keeps."""
    length = MINUTES[timeframe]
    at, columns = roll_up(np.arange(market.start, market.stop), market.columns, length)
    kept = slice(-KEEP[timeframe], None)
    rolled = {name: column[:, kept] for name, column in columns.items()}
    return Panel(
        venue=market.venue,
        symbols=market.symbols,
        start=int(at[kept][0]) if len(at) else market.start,
        columns=rolled,
        filled=np.zeros(rolled["close"].shape, dtype=np.bool_),
    )


def _bar(venue: str, row: dict[str, Any]) -> Bar:
    cells = {name: row[name] for name in FIELDS if row[name] is not None}
    at = minutes.opens(row["minute"])
    return Bar(venue=venue, symbol=row["symbol"], at=at, filled=row["filled"], **cells)
