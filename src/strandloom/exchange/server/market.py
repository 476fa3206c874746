"""A simulated market that lives: history first, then each minute in quotes as it passes, then its bar."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from strandloom.basics.ids import from_unix_ms, unix_ms
from strandloom.exchange.port import Exchange
from strandloom.exchange.server import route
from strandloom.exchange.server.drive import Drive
from strandloom.exchange.server.paced import PacedClock
from strandloom.kinds.market import Bar

MINUTE_MS: Final = 60_000
_MINUTE: Final = timedelta(minutes=1)
_DEPTH: Final = 0.02  # of a minute's volume at the touch, as the synthetic book has it
_LEAST_SPREAD: Final = 0.00002

BarsOf = Callable[[int], Sequence[Bar]]
"""The bars of a minute, counted from 1970; the same whenever it is asked."""


class SimulatedMarket:
    """Plays minutes that are known beforehand; nobody who trades can see further than the quotes."""

    def __init__(
        self,
        bars_of: BarsOf,
        drive: Drive,
        exchange: Exchange,
        clock: PacedClock,
        *,
        first: int,
        steps: int,
    ) -> None:
        self._bars_of = bars_of
        self._drive = drive
        self._exchange = exchange
        self._clock = clock
        self._next = first
        self._steps = steps

    async def begin(self) -> None:
        """Every minute that is over."""
        running = unix_ms(self._clock.now()) // MINUTE_MS
        while self._next < running:
            self._drive.closed(self._bars_of(self._next))
            self._next += 1

    async def run(self) -> None:
        """The running minute in quotes, then its bar, for ever."""
        while True:
            opens = from_unix_ms(self._next * MINUTE_MS)
            bars = self._bars_of(self._next)
            for step in range(self._steps):
                at = opens + _MINUTE * (step / self._steps)
                await self._clock.until(at)
                self._quote(bars, step / self._steps, at)
            await self._clock.until(opens + _MINUTE)
            self._drive.closed(bars)
            self._drive.passed()
            self._next += 1

    def _quote(self, bars: Sequence[Bar], share: float, at: datetime) -> None:
        for bar in bars:
            quote = route.quote(bar, share, self._spread(bar), _DEPTH)
            self._drive.quoted(replace(quote, at=at))
            self._drive.traded(bar, share, self._steps)

    def _spread(self, bar: Bar) -> float:
        """What the exchange's own book would have, so that quotes and bars show the same market."""
        index = self._exchange.asset_id(bar.symbol)
        view = None if index is None else self._exchange.book(index, 1)
        known = view.synthetic_spread if view is not None else None
        return max(float(known or 0), bar.open * _LEAST_SPREAD)
