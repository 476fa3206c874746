"""One run over a venue's socket: what is followed, what is asked, and what time it is over there."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import CannotStart, Retryable
from strandloom.hyperliquid.errors import MalformedAnswer
from strandloom.hyperliquid.rest import Rest
from strandloom.hyperliquid.socket import Event, Lost, Message, Opened, Socket
from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.feeds import wire
from strandloom.market.feeds.candles import Candles
from strandloom.market.feeds.closing import Closing, Question, by_minute
from strandloom.market.feeds.port import Closed, Delisted, FeedEvent, Listed, Passed, Skewed
from strandloom.market.feeds.skew import Skew

_NO_ANSWER = (Retryable, MalformedAnswer)
_PRICE_LOOK_BACK_MINUTES = 60  # how far a close is looked for, to fill the first minutes with


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the session looks at the time, and how long it waits for answers."""

    tick_s: float = 0.5
    patience_s: float = 8.0
    again_s: float = 1.0  # before a question without an answer is asked again
    listings_minutes: int = 10


class Session:
    """Follows the socket; whenever it comes back, the hole is filled before anything else is told."""

    def __init__(
        self,
        venue: str,
        symbols: Sequence[str],
        since: int,
        socket: Socket,
        rest: Rest,
        clock: Clock,
        pace: Pace,
    ) -> None:
        self._venue = venue
        self._wanted = tuple(symbols)
        self._since = since
        self._socket = socket
        self._rest = rest
        self._candles = Candles(rest)
        self._clock = clock
        self._pace = pace
        self._closing = Closing(venue, since)
        self._skew = Skew()
        self._looked_in: int | None = None  # the minute in which the listings were read
        self._ask_after: datetime | None = None
        self._tried = False  # before the first word of the venue our own clock is not believed

    @property
    def now(self) -> datetime:
        """The venue's time."""
        return self._clock.now() + self._skew.offset

    async def run(self) -> AsyncIterator[FeedEvent]:
        """What the feed tells, for ever."""
        events = aiter(self._socket.events())
        hearing = asyncio.ensure_future(_next(events))
        ticking = self._tick()
        try:
            while True:
                await asyncio.wait((hearing, ticking), return_when=asyncio.FIRST_COMPLETED)
                if hearing.done():
                    event = hearing.result()
                    hearing = asyncio.ensure_future(_next(events))
                    async for told in self._heard(event):
                        yield told
                if ticking.done() and self._tried:
                    async for told in self._looked():
                        yield told
                if ticking.done():
                    ticking = self._tick()
        finally:
            hearing.cancel()
            ticking.cancel()

    def _tick(self) -> asyncio.Task[None]:
        return asyncio.ensure_future(self._sleep(self._pace.tick_s))

    async def _sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)

    async def _heard(self, event: Event) -> AsyncIterator[FeedEvent]:
        self._tried = True
        match event:
            case Opened():
                async for told in self._opened():
                    yield told
            case Lost(reason=reason):
                logger.warning("feed_lost", feed=self._venue, why=reason)
                self._closing.doubt()
            case Message(channel="candle", data=data):
                for bar in self._closing.candle(data):
                    yield Closed(bars=(bar,), now=self.now)
            case Message(channel="bbo", data=data):
                self._skew.saw(int(data["time"]), self._clock.now())
                self._closing.beside(data["coin"], wire.best(data))
            case Message(channel="activeAssetCtx", data={"coin": coin, "ctx": context}):
                self._closing.beside(coin, wire.context(context))

    async def _opened(self) -> AsyncIterator[FeedEvent]:
        """Connected: learn the venue's time and symbols, then fill what was missed, minute by minute."""
        while (changes := await self._arrived()) is None:
            yield Passed(now=self.now)
            await self._sleep(self._pace.again_s)
        for change in changes:
            yield change
        held: list[Bar] = []
        while questions := self._closing.questions(self.now):
            bars, whole = await self._ask(questions)
            held += bars
            if not whole:
                yield Passed(now=self.now)
                await self._sleep(self._pace.again_s)
        for told in by_minute(held):
            yield Closed(bars=told, now=self.now)

    async def _arrived(self) -> list[FeedEvent] | None:
        """The changes since the last connection, or None while the venue does not answer."""
        try:
            book = await self._rest.info("l2Book", coin=self._wanted[0])
            if book is not None:
                self._skew.saw(int(book["time"]), self._clock.now())
            changes = await self._look_around()
        except _NO_ANSWER as error:
            logger.warning("feed_waits_for_venue", feed=self._venue, why=str(error))
            return None
        offset_s = self._skew.news()
        return changes if offset_s is None else [*changes, Skewed(offset_s=offset_s, now=self.now)]

    async def _looked(self) -> AsyncIterator[FeedEvent]:
        """What time alone brings: minutes that are over, symbols that stayed silent, new listings."""
        if due := self._closing.due(self.now):
            yield Closed(bars=tuple(due), now=self.now)
        if self._socket.is_open and self._closing.symbols:
            for bars in by_minute(await self._ask_the_silent()):
                yield Closed(bars=bars, now=self.now)
            for change in await self._listings():
                yield change
        yield Passed(now=self.now)

    async def _ask_the_silent(self) -> list[Bar]:
        if self._ask_after is not None and self.now < self._ask_after:
            return []
        if not (questions := self._closing.questions(self.now)):
            return []
        bars, whole = await self._ask(questions)
        self._ask_after = None if whole else self.now + timedelta(seconds=self._pace.again_s)
        return bars

    async def _ask(self, questions: Iterable[Question]) -> tuple[list[Bar], bool]:
        """The bars of all answers, and whether none is missing; what has no answer is asked again."""
        asked = [(question, asyncio.ensure_future(self._candles_of(question))) for question in questions]
        await asyncio.wait([future for _, future in asked], timeout=self._pace.patience_s)
        bars: list[Bar] = []
        whole = True
        for question, future in asked:
            if not future.done() or isinstance(future.exception(), _NO_ANSWER):
                future.cancel()
                whole = False
            else:
                bars += self._closing.answer(question, future.result())
        return bars, whole

    async def _candles_of(self, question: Question) -> list[dict[str, Any]]:
        known = self._closing.knows_a_price(question.symbol)
        start = question.start if known else question.start - _PRICE_LOOK_BACK_MINUTES
        return await self._candles.wire(question.symbol, start, question.last + 1)

    async def _listings(self) -> list[FeedEvent]:
        """From time to time: what is listed now."""
        read = self._looked_in or 0
        if minutes.of(self.now) - read < self._pace.listings_minutes:
            return []
        try:
            return await self._look_around()
        except _NO_ANSWER as error:
            logger.warning("feed_listings_unknown", feed=self._venue, why=str(error))
            return []

    async def _look_around(self) -> list[FeedEvent]:
        """Follow the wanted symbols that the venue lists, leave the others."""
        listed = wire.listed(await self._rest.info("meta"))
        first, self._looked_in = self._looked_in is None, minutes.of(self.now)
        known = set(self._closing.symbols)
        if first and not listed & set(self._wanted):
            wanted = ", ".join(self._wanted)
            raise CannotStart(f"{self._venue} lists none of {wanted}; SYMBOLS names what to follow")
        since = self._since if first else self._looked_in + 1
        come = [symbol for symbol in self._wanted if symbol in listed and symbol not in known]
        gone = [symbol for symbol in self._wanted if symbol in known and symbol not in listed]
        return [
            *[await self._follow(symbol, since) for symbol in come],
            *[await self._leave(symbol) for symbol in gone],
        ]

    async def _follow(self, symbol: str, since: int) -> FeedEvent:
        self._closing.follow(symbol, since)
        for subscription in wire.subscriptions(symbol):
            await self._socket.subscribe(subscription)
        return Listed(symbol=symbol, minute=since, now=self.now)

    async def _leave(self, symbol: str) -> FeedEvent:
        minute = self._closing.leave(symbol)
        for subscription in wire.subscriptions(symbol):
            await self._socket.unsubscribe(subscription)
        return Delisted(symbol=symbol, minute=minute, now=self.now)


async def _next(events: AsyncIterator[Event]) -> Event:
    return await anext(events)
