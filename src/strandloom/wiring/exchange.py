"""The built-in exchange as a role of its own: kept in the database, moved by the heartbeat, open to HTTP."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.exchange import listing
from strandloom.exchange.engine import Engine
from strandloom.exchange.keep.database_tape import DatabaseTape
from strandloom.exchange.keep.kept import KeptEngine
from strandloom.exchange.rules import Rules
from strandloom.exchange.server.limits import Limits
from strandloom.exchange.server.serve import serving
from strandloom.exchange.server.venue import Faucet, Venue
from strandloom.market.source import Source
from strandloom.market.window import Window
from strandloom.service import Part
from strandloom.settings import Settings
from strandloom.store.database import Database
from strandloom.venues import minutes

NAME = "served"
_LOOK_S = 0.1


@asynccontextmanager
async def served(
    settings: Settings, database: Database, market: Source, window: Window, wall: Clock
) -> AsyncIterator[Sequence[Part]]:
    """A state of its own, beside that of the exchange in a Trader's process."""
    tape = await DatabaseTape.open(database, NAME)
    engine = KeptEngine(tape, Rules())
    faucet = Faucet(usd=settings.paper_cash_usd)
    limits = Limits.none()  # they refill in market time, which stands still while nobody leads the market
    venue = Venue(exchange=engine, clock=market.clock, kept=tape.stored, limits=limits, faucet=faucet)
    async with serving(venue, host=settings.api_host, port=settings.exchange_port) as open_:
        logger.info("exchange_served", url=open_.url)
        moved = _Moved(venue, engine, window, market.symbols, wall)
        yield [Part(name="exchange market", run=moved.run)]


class _Moved:
    """Hands each minute of the window to the engine, once and in order."""

    def __init__(
        self, venue: Venue, engine: Engine, window: Window, symbols: Sequence[str], wall: Clock
    ) -> None:
        self._venue = venue
        self._engine = engine
        self._window = window
        self._symbols = symbols
        self._wall = wall

    async def run(self) -> None:
        while True:
            if self._window.minute is not None:
                self._catch_up()
            await self._wall.sleep(_LOOK_S)

    def _catch_up(self) -> None:
        view = self._window.view()
        newest = view.minute * minutes.MINUTE_MS
        for listed in listing.listed(self._new(), newest):
            self._venue.submit(listed)
        assets = {asset.name: asset for asset in self._engine.assets()}
        first = self._engine.now // minutes.MINUTE_MS
        if (first + 1) * minutes.MINUTE_MS <= self._engine.now + 1:
            first += 1  # that minute has been lived through to its last millisecond
        if first <= view.minute:
            gone = [index for index in range(len(assets)) if self._engine.is_delisted(index)]
            since = max(first, view.minute - len(view.bars()) + 1)
            for command in minutes.commands(view, since, assets, gone):
                self._venue.submit(command)

    def _new(self) -> list[str]:
        return [name for name in self._symbols if self._engine.asset_id(name) is None]
