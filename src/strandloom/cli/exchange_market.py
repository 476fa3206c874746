"""What stands behind `strandloom exchange serve`: an engine, kept or not, and the market it lives through."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from strandloom.basics.clock import Clock, SystemClock
from strandloom.cli import given
from strandloom.cli.exchange_feed import FollowedMarket
from strandloom.cli.exchange_world import Planet, kept_planet, simulated
from strandloom.exchange.engine import Engine
from strandloom.exchange.keep.kept import KeptEngine
from strandloom.exchange.keep.tape import Tape
from strandloom.exchange.port import Exchange
from strandloom.exchange.server.drive import Drive
from strandloom.market import minute as minutes
from strandloom.market.source import source

DEFAULT_SYMBOLS = ("BTC", "ETH", "SOL", "OP")  # those that the SDK's examples trade, and one more


class Market(Protocol):
    """Where the exchange's prices come from."""

    async def begin(self) -> None:
        """Tell the history."""
        ...

    async def run(self) -> None:
        """Go on with what happens."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything but the ports."""

    engine: Exchange
    clock: Clock
    about: str  # the market, for the first screen
    market: Callable[[Drive], Market]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for on the command line."""

    feed: str
    symbols: tuple[str, ...] | None
    seed: int | None
    speed: float
    folder: Path | None


@asynccontextmanager
async def stage(wish: Wish) -> AsyncIterator[Stage]:
    """A new exchange, or the one that the folder keeps."""
    tape = None if wish.folder is None else Tape(wish.folder)
    try:
        if wish.feed == "simulated":
            yield _simulated(wish, tape)
        else:
            async with _followed(wish, tape) as made:
                yield made
    finally:
        if tape is not None:
            tape.close()


def _engine(tape: Tape | None) -> Engine:
    return Engine() if tape is None else KeptEngine(tape)


def _simulated(wish: Wish, tape: Tape | None) -> Stage:
    now = minutes.of(SystemClock().wall())
    symbols, seed = wish.symbols or DEFAULT_SYMBOLS, 1 if wish.seed is None else wish.seed
    planet = Planet(symbols=symbols, seed=seed, start=now)
    if wish.folder is not None:
        planet = kept_planet(wish.folder, planet, given=(wish.symbols, wish.seed))
    engine = _engine(tape)
    clock, market = simulated(engine, planet, wish.speed)
    pace = "" if wish.speed == 1 else f", {wish.speed:g} market minutes per minute"
    return Stage(engine=engine, clock=clock, about=f"simulated{pace}", market=market)


@asynccontextmanager
async def _followed(wish: Wish, tape: Tape | None) -> AsyncIterator[Stage]:
    settings = given.in_force().settings
    changes = {"market_speed": wish.speed, **({"symbols": wish.symbols} if wish.symbols else {})}
    async with source(settings.model_copy(update=changes), wish.feed, None) as found:
        engine = _engine(tape)
        yield Stage(
            engine=engine,
            clock=found.clock,
            about=found.about,
            market=lambda drive: FollowedMarket(found, engine, drive),
        )
