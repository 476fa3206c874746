"""A feed that tells what a test wrote down."""

from collections.abc import AsyncIterator, Sequence

from strandloom.kinds.market import Quote
from strandloom.market import minute as minutes
from strandloom.market.bars import Bars
from strandloom.market.feeds.port import FeedEvent, Listed


class ScriptedFeed:
    """Lists the symbols, tells its events, and ends."""

    venue = "test"

    def __init__(self, *events: FeedEvent) -> None:
        self._events = events

    async def closed(self, symbols: Sequence[str], since: int) -> AsyncIterator[FeedEvent]:
        for symbol in symbols:
            yield Listed(symbol=symbol, minute=since, now=minutes.opens(since))
        for event in self._events:
            yield event

    async def quotes(self, symbols: Sequence[str]) -> AsyncIterator[Quote]:
        for quote in ():
            yield quote

    async def history(self, symbols: Sequence[str], start: int, stop: int) -> Sequence[Bars]:
        return []
