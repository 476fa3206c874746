"""Bars from the store, from files or from the sample, told again at any speed."""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from strandloom.basics.clock import DrivenClock
from strandloom.kinds.market import Quote
from strandloom.market import minute as minutes
from strandloom.market.bars import Bars
from strandloom.market.feeds.port import FeedEvent
from strandloom.market.feeds.quoting import Quoting
from strandloom.market.feeds.told import tell
from strandloom.market.panel import Panel


class ReplayFeed:
    """Ends with the panel.  So many market minutes pass in a second; None: as fast as they are taken."""

    def __init__(self, market: Panel, clock: DrivenClock, *, minutes_per_s: float | None = None) -> None:
        self._market = market
        self._clock = clock
        self._pause_s = 1 / minutes_per_s if minutes_per_s else 0.0
        self._quoting = Quoting()

    @property
    def venue(self) -> str:
        return self._market.venue

    async def closed(self, symbols: Sequence[str], since: int) -> AsyncIterator[FeedEvent]:
        listed: set[str] = set()
        market = self._market.only(symbols)
        for minute in range(max(since, market.start), market.stop):
            await self._clock.sleep(self._pause_s)
            self._clock.set(minutes.closes(minute))
            for event in tell(market, minute, listed):
                yield event
            self._quoting.tell(partial(market.column, minute), self._clock.now())

    def quotes(self, symbols: Sequence[str]) -> AsyncIterator[Quote]:
        return self._quoting.listen(symbols)

    async def history(self, symbols: Sequence[str], start: int, stop: int) -> Sequence[Bars]:
        market = self._market.only(symbols).between(start, stop)
        return [market.bars(symbol) for symbol in market.symbols]
