"""Hyperliquid's public data: candles, best bid and ask, and funding over a WebSocket, holes over HTTP."""

from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from random import Random

from strandloom.basics.clock import Clock
from strandloom.hyperliquid.budget import shared_budget
from strandloom.hyperliquid.rest import Rest
from strandloom.hyperliquid.socket import Message, Socket
from strandloom.hyperliquid.urls import MAINNET, TESTNET, socket_url
from strandloom.kinds.market import Bar, Quote
from strandloom.market.bars import Bars, collect
from strandloom.market.feeds import wire
from strandloom.market.feeds.candles import Candles
from strandloom.market.feeds.closing import KEPT_MINUTES
from strandloom.market.feeds.port import FeedEvent
from strandloom.market.feeds.session import Pace, Session
from strandloom.market.flat import fill


class HyperliquidFeed:
    """One venue.  Every call to `closed` or `quotes` keeps a connection of its own."""

    reach_minutes = KEPT_MINUTES

    def __init__(
        self,
        base_url: str,
        clock: Clock,
        rng: Random,
        *,
        pace: Pace | None = None,
        silence_s: float = 45.0,
    ) -> None:
        self._url = base_url.rstrip("/")
        self._clock = clock
        self._rng = rng
        self._pace = pace or Pace()
        self._silence_s = silence_s
        self._rest = Rest(base_url, shared_budget(self._url))
        self.candles = Candles(self._rest)

    @property
    def venue(self) -> str:
        return {MAINNET: "hyperliquid", TESTNET: "hyperliquid_testnet"}.get(self._url, "hyperliquid_local")

    async def closed(self, symbols: Sequence[str], since: int) -> AsyncIterator[FeedEvent]:
        try:
            async with self._socket().running() as socket:
                session = Session(self.venue, symbols, since, socket, self._rest, self._clock, self._pace)
                async for event in session.run():
                    yield event
        except ExceptionGroup as several:  # of the connection's tasks; nearly always only one failed
            raise several.exceptions[0] from several

    async def quotes(self, symbols: Sequence[str]) -> AsyncIterator[Quote]:
        marks: dict[str, Decimal] = {}
        async with self._socket().running() as socket:
            for symbol in symbols:
                for subscription in wire.subscriptions(symbol)[1:]:
                    await socket.subscribe(subscription)
            async for event in socket.events():
                match event:
                    case Message(channel="activeAssetCtx", data={"coin": coin, "ctx": {"markPx": mark}}):
                        marks[coin] = Decimal(mark)
                    case Message(channel="bbo", data=data):
                        if (quote := wire.quote(self.venue, data, marks.get(data["coin"]))) is not None:
                            yield quote

    async def history(self, symbols: Sequence[str], start: int, stop: int) -> Sequence[Bars]:
        told: list[Bar] = []
        for symbol in symbols:
            candles = await self.candles.wire(symbol, start, stop)
            told += [wire.candle(self.venue, candle) for candle in candles]
        return [fill(piece) for piece in collect(told)]  # minutes that the venue leaves out had no trade

    async def close(self) -> None:
        """Give the HTTP connections back."""
        await self._rest.close()

    def _socket(self) -> Socket:
        return Socket(socket_url(self._url), self._clock, self._rng, silence_s=self._silence_s)
