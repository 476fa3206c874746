"""An endless market with no network, told at any speed."""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from strandloom.basics.clock import DrivenClock
from strandloom.kinds.market import Quote
from strandloom.market import minute as minutes
from strandloom.market.bars import Bars
from strandloom.market.feeds.blocks import BLOCK_MINUTES
from strandloom.market.feeds.port import FeedEvent
from strandloom.market.feeds.quoting import Quoting
from strandloom.market.feeds.told import tell
from strandloom.market.feeds.world import VENUE, World


class SimulatedFeed:
    """Tells a world; it stands still while nobody listens, so there is never anything to catch up."""

    def __init__(self, world: World, clock: DrivenClock, *, minutes_per_s: float | None = 1.0) -> None:
        self._world = world
        self._clock = clock
        self._pause_s = 1 / minutes_per_s if minutes_per_s else 0.0
        self._quoting = Quoting()

    @property
    def venue(self) -> str:
        return VENUE

    async def closed(self, symbols: Sequence[str], since: int) -> AsyncIterator[FeedEvent]:
        listed: set[str] = set()
        start = since
        while True:
            market = self._world.panel(start, start + BLOCK_MINUTES).only(symbols)
            for minute in range(start, market.stop):
                await self._clock.sleep(self._pause_s)
                self._clock.set(minutes.closes(minute))
                for event in tell(market, minute, listed):
                    yield event
                self._quoting.tell(partial(market.column, minute), self._clock.now())
            start = market.stop

    def quotes(self, symbols: Sequence[str]) -> AsyncIterator[Quote]:
        return self._quoting.listen(symbols)

    async def history(self, symbols: Sequence[str], start: int, stop: int) -> Sequence[Bars]:
        market = self._world.panel(start, stop).only(symbols)
        return [market.bars(symbol) for symbol in market.symbols]
