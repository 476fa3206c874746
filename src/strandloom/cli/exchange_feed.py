"""A market that is followed: a feed's history, its closed bars and its quotes, told to the exchange."""

import asyncio
from typing import Final

from strandloom.basics.ids import unix_ms
from strandloom.exchange.port import Exchange
from strandloom.exchange.server.drive import Drive
from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.bars import Bars
from strandloom.market.feeds.port import Closed, Delisted, FeedEvent, Listed
from strandloom.market.source import Source

HISTORY_MINUTES: Final = 5_000
_TURNS: Final = 4  # open, both extremes, close


class FollowedMarket:
    """Bars and quotes as the feed tells them; a feed that ends leaves the exchange open."""

    def __init__(self, source: Source, exchange: Exchange, drive: Drive) -> None:
        self._source = source
        self._exchange = exchange
        self._drive = drive
        kept = exchange.now // minutes.MINUTE_MS + 1 if exchange.now else 0
        self._first = max(kept, source.first - min(source.reach, HISTORY_MINUTES))

    async def begin(self) -> None:
        """What lies before the feed's first minute."""
        source, symbols = self._source, self._source.symbols
        self._drive.list(symbols, self._first * minutes.MINUTE_MS)
        source.go_to(self._first)
        if self._first < source.first:
            history = await source.feed.history(symbols, self._first, source.first)
            self._drive.closed(bar for one in history for bar in _told(one))
        source.go_to(source.first)

    async def run(self) -> None:
        """Bars and quotes side by side."""
        async with asyncio.TaskGroup() as group:
            quoting = group.create_task(self._quotes())
            since = max(self._source.first, self._first)
            async for event in self._source.feed.closed(self._source.symbols, since):
                self._take(event)
            quoting.cancel()
        await asyncio.Event().wait()

    def _take(self, event: FeedEvent) -> None:
        match event:
            case Closed(bars=bars):
                self._drive.closed(bars)
                for bar in bars:
                    for turn in range(_TURNS):
                        self._drive.traded(bar, turn / (_TURNS - 1), _TURNS)
            case Listed(symbol=symbol):
                self._drive.list([symbol], unix_ms(event.now))
            case Delisted(symbol=symbol):
                self._drive.delist(symbol)
            case _:
                pass
        self._drive.passed()

    async def _quotes(self) -> None:
        async for quote in self._source.feed.quotes(self._source.symbols):
            self._drive.quoted(quote)


def _told(bars: Bars) -> list[Bar]:
    return [bars.row(index) for index in range(len(bars))]
