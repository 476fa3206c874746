"""Which feed the settings mean, with the clock that goes with it and the minute to begin with."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from strandloom.basics.clock import Clock, DrivenClock, SystemClock
from strandloom.basics.errors import CannotStart
from strandloom.market import minute as minutes
from strandloom.market import sample
from strandloom.market.bars import Bars
from strandloom.market.feeds.hyperliquid import HyperliquidFeed
from strandloom.market.feeds.port import Feed
from strandloom.market.feeds.replay import ReplayFeed
from strandloom.market.feeds.simulated import SimulatedFeed
from strandloom.market.feeds.world import World
from strandloom.market.files.bringing import Wish, bring, refuse
from strandloom.market.filling import LONGEST_MINUTES
from strandloom.market.panel import Panel, panel
from strandloom.market.store import BarStore
from strandloom.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed ready to be pumped."""

    feed: Feed
    clock: Clock  # market time: driven by the feed's data, or the wall's
    symbols: Sequence[str]
    first: int  # the minute to begin with when nothing was given yet
    earliest: int = 0  # as far back as the feed can tell
    about: str = ""  # for the first screen

    @property
    def reach(self) -> int:
        """How many minutes back it can tell."""
        return self.first - self.earliest

    def go_to(self, minute: int) -> None:
        """A driven clock begins where the feed goes on."""
        if isinstance(self.clock, DrivenClock) and self.clock.now() < minutes.opens(minute):
            self.clock.set(minutes.opens(minute))


@asynccontextmanager
async def source(settings: Settings, kind: str, store: BarStore | None) -> AsyncIterator[Source]:
    """The feed of that kind; closed at the end."""
    if kind == "hyperliquid":
        made, feed = _hyperliquid(settings)
        try:
            yield made
        finally:
            await feed.close()
    elif kind == "replay":
        yield await _replay(settings, store)
    else:
        yield _simulated(settings)


def _hyperliquid(settings: Settings) -> tuple[Source, HyperliquidFeed]:
    clock = SystemClock()
    feed = HyperliquidFeed(settings.hyperliquid_url, clock, Random())  # noqa: S311 - jitter of reconnects
    first = minutes.of(clock.now())
    made = Source(
        feed=feed,
        clock=clock,
        symbols=settings.symbols,
        first=first,
        earliest=first - feed.reach_minutes,
        about=f"live public data from {settings.hyperliquid_url}",
    )
    return made, feed


def _simulated(settings: Settings) -> Source:
    first = minutes.of(settings.simulated_start)
    world = World(settings.symbols, first, seed=settings.simulated_seed)
    clock = DrivenClock(minutes.opens(world.origin))
    feed = SimulatedFeed(world, clock, minutes_per_s=_per_s(settings))
    about = f"a simulated market (seed {settings.simulated_seed}), {_pace(settings)}"
    return Source(
        feed=feed, clock=clock, symbols=settings.symbols, first=first, earliest=world.origin, about=about
    )


async def _replay(settings: Settings, store: BarStore | None) -> Source:
    market = await _market(settings, store)
    first = market.start if settings.replay_from is None else minutes.of(settings.replay_from)
    if not market.between(first, market.stop).known.any():
        raise CannotStart(f"REPLAY_DATA={settings.replay_data} has no bars between REPLAY_FROM and REPLAY_TO")
    clock = DrivenClock(minutes.opens(first))
    feed = ReplayFeed(market, clock, minutes_per_s=_per_s(settings))
    span = f"{minutes.opens(first):%Y-%m-%d %H:%M} to {minutes.opens(market.stop):%Y-%m-%d %H:%M}"
    about = f"a replay of {settings.replay_data}, {span}, {_pace(settings)}"
    return Source(
        feed=feed, clock=clock, symbols=market.symbols, first=first, earliest=market.start, about=about
    )


async def _market(settings: Settings, store: BarStore | None) -> Panel:
    """What is told, and what lies before it: the history that a window begins with."""
    pieces = await _pieces(settings, store)
    chosen = [piece for piece in pieces if piece.symbol in settings.symbols]
    if not chosen:
        there = ", ".join(piece.symbol for piece in pieces) or "nothing"
        raise CannotStart(f"REPLAY_DATA={settings.replay_data} has {there}; choose among them with SYMBOLS")
    stop = None if settings.replay_to is None else minutes.of(settings.replay_to)
    return panel(chosen, stop=stop)


async def _pieces(settings: Settings, store: BarStore | None) -> Sequence[Bars]:
    data = settings.replay_data
    if data == "sample":
        return sample.load()
    paths = [Path(name.strip()) for name in data.split(",")]
    if all(path.is_file() for path in paths):
        wish = Wish()
        files = [bring(path, wish) for path in paths]
        refuse(files, wish)
        return [piece for one in files for piece in one.pieces]
    return await _stored(settings, store)


async def _stored(settings: Settings, store: BarStore | None) -> Sequence[Bars]:
    venue = settings.replay_data
    held = [one for one in await store.held() if one.venue == venue] if store else []
    if store is None or not held:
        raise CannotStart(
            f"REPLAY_DATA={venue} is neither `sample`, nor a file, nor a venue of the store "
            "(`strandloom data list` shows those)"
        )
    first = minutes.of(min(one.first for one in held))
    if settings.replay_from is not None:
        first = max(first, minutes.of(settings.replay_from) - LONGEST_MINUTES)
    end = minutes.of(max(one.last for one in held)) + 1
    symbols = [one.symbol for one in held if one.symbol in settings.symbols]
    return [piece for symbol in symbols for piece in await store.read(venue, [symbol], first, end)]


def _per_s(settings: Settings) -> float | None:
    return settings.market_speed / 60 if settings.market_speed else None


def _pace(settings: Settings) -> str:
    if not settings.market_speed:
        return "as fast as it goes"
    return f"{settings.market_speed:g} market minutes per real minute"
