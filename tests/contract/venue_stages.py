"""Stages for the venue contract: a venue, a market that moves when told, and a hand on both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

import httpx

from strandloom.basics.clock import SystemClock
from strandloom.basics.ids import unix_ms
from strandloom.exchange.asset import e8
from strandloom.exchange.commands import Ask, Place
from strandloom.exchange.engine import Engine
from strandloom.exchange.rules import Rules
from strandloom.exchange.server.limits import Limits
from strandloom.hyperliquid.signing import Wallet
from strandloom.kinds.market import Bar
from strandloom.market.window import Window
from strandloom.venues.fallback import FallbackVenue
from strandloom.venues.hyperliquid.opening import Access, opened
from strandloom.venues.hyperliquid.sends import MemorySends
from strandloom.venues.hyperliquid.venue import HyperliquidVenue
from strandloom.venues.paper import USER, PaperVenue
from strandloom.venues.port import Venue
from strandloom.venues.standing import Standing
from tests.acceptance.exchange.world import START, World, a_world

D = Decimal
PRICE = 100_000.0
CASH = D(10_000)


class Stage(Protocol):
    """What a test of the contract has in its hands."""

    venue: Venue
    cash: Decimal

    @property
    def now(self) -> datetime:
        """Market time."""
        ...

    async def minute(
        self,
        low: float = PRICE - 50,
        high: float = PRICE + 50,
        close: float = PRICE,
        volume: float = 1_000.0,
    ) -> None:
        """A closed minute of BTC from its last close; everything else stays calm."""
        ...

    def by_hand(self, price: int, **changed: Any) -> None:
        """Somebody else buys a hundredth of a BTC on the account, without a client order id."""
        ...


class PaperStage:
    """The exchange in this process."""

    def __init__(self) -> None:
        self.cash = CASH
        self.engine = Engine(Rules())
        self.venue: Venue = PaperVenue(self.engine, CASH)
        self.now = START
        self._window = Window(("BTC",))
        self._last = PRICE

    async def minute(
        self,
        low: float = PRICE - 50,
        high: float = PRICE + 50,
        close: float = PRICE,
        volume: float = 1_000.0,
    ) -> None:
        bar = Bar(
            venue="test",
            symbol="BTC",
            at=self.now,
            open=self._last,
            high=max(high, self._last, close),
            low=min(low, self._last, close),
            close=close,
            volume=volume,
        )
        self._last = close
        self._window.append(int(self.now.timestamp()) // 60, [bar])
        self.now += timedelta(minutes=1)
        await self.venue.follow(self._window.view())

    def by_hand(self, price: int, **changed: Any) -> None:
        self.engine.apply(Place(unix_ms(self.now), USER, (a_hand(price, **changed),)))


class WireStage:
    """The built-in exchange as a server of its own, spoken to over HTTP."""

    def __init__(self, world: World, venue: Venue, cash: Decimal = CASH) -> None:
        self.cash = cash
        self.world = world
        self.venue = venue

    @property
    def now(self) -> datetime:
        return self.world.do(lambda: self.world.venue.clock.now())

    async def minute(
        self,
        low: float = PRICE - 50,
        high: float = PRICE + 50,
        close: float = PRICE,
        volume: float = 1_000.0,
    ) -> None:
        last = self.world.prices["BTC"]
        self.world.minute(volume, BTC=(last, max(high, last, close), min(low, last, close), close))

    def by_hand(self, price: int, **changed: Any) -> None:
        by_hand(self.world, 1, price, **changed)


def by_hand(world: World, number: int, price: int, **changed: Any) -> None:
    """Somebody else buys on the account of that key."""
    user, at = Wallet(a_key(number)).address, world.venue.at_ms()
    world.do(lambda: world.venue.submit(Place(at, user, (a_hand(price, **changed),))))


def a_hand(price: int, **changed: Any) -> Ask:
    """A hundredth of a BTC, as somebody else asks for it."""
    return Ask(**{"asset": 0, "is_buy": True, "px": e8(D(price)), "sz": e8(D("0.01")), **changed})


def a_key(number: int) -> str:
    return f"{number:064x}"


@asynccontextmanager
async def a_wire_venue(
    world: World,
    number: int = 1,
    *,
    name: str | None = None,
    shared: dict[str, Any] | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[HyperliquidVenue]:
    """A venue over HTTP whose account has money."""
    address = Wallet(a_key(number)).address
    if not world.do(lambda: world.exchange.knows(address)):
        world.admin("deposit", user=address, usd=str(CASH))
    access = Access(url=world.url, key=a_key(number), name=name)
    kept = shared if shared is not None else {}
    sends_of = lambda mode, account, key: MemorySends(account, key, kept)  # noqa: E731
    async with opened(access, sends_of, SystemClock(), transport=transport) as venue:
        yield venue


@asynccontextmanager
async def paper_stage() -> AsyncIterator[Stage]:
    stage = PaperStage()
    for _ in range(3):
        await stage.minute()
    yield stage


@asynccontextmanager
async def wire_stage() -> AsyncIterator[Stage]:
    with a_world(Engine(Rules()), limits=Limits.none(), faucet=None) as world:
        async with a_wire_venue(world) as venue:
            yield WireStage(world, venue)


@asynccontextmanager
async def fallback_stage() -> AsyncIterator[Stage]:
    with a_world(Engine(Rules()), limits=Limits.none(), faucet=None) as world:
        async with a_wire_venue(world, 1, name="first") as one, a_wire_venue(world, 2, name="second") as two:
            yield WireStage(world, a_fallback(one, two), 2 * CASH)


def a_fallback(*parts: Venue) -> FallbackVenue:
    """Several as one, all equally dear until something is measured."""
    standings = [Standing(name=part.name) for part in parts]
    return FallbackVenue("several", parts, SystemClock(), standings)


STAGES = {"paper": paper_stage, "hyperliquid": wire_stage, "fallback": fallback_stage}
