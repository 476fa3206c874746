"""Which feed the settings mean, with the clock that goes with it and the minute to begin with."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

from strandloom.basics.clock import Clock, DrivenClock, SystemClock
from strandloom.basics.errors import BadInput, CannotStart
from strandloom.market import minute as minutes
from strandloom.market.feeds.hyperliquid import HyperliquidFeed
from strandloom.market.feeds.port import Feed
from strandloom.market.feeds.replay import ReplayFeed
from strandloom.market.feeds.simulated import SimulatedFeed
from strandloom.market.feeds.world import World
from strandloom.market.panel import Panel, panel
from strandloom.market.past import past
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
    since = None if settings.replay_from is None else minutes.of(settings.replay_from)
    stop = None if settings.replay_to is None else minutes.of(settings.replay_to)
    try:
        return panel(await past(settings.replay_data, settings.symbols, store, since), stop=stop)
    except BadInput as error:
        raise CannotStart(f"REPLAY_DATA: {error}") from error


def _per_s(settings: Settings) -> float | None:
    return settings.market_speed / 60 if settings.market_speed else None


def _pace(settings: Settings) -> str:
    if not settings.market_speed:
        return "as fast as it goes"
    return f"{settings.market_speed:g} market minutes per real minute"
