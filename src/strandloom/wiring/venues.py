"""The venue that the settings mean, opened and ready, and what of it others than the Trader know."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from random import Random

from strandloom.basics.clock import Clock
from strandloom.basics.log import hide
from strandloom.exchange.engine import Engine
from strandloom.exchange.keep.database_tape import DatabaseTape
from strandloom.exchange.keep.kept import KeptEngine
from strandloom.exchange.rules import Rules
from strandloom.hyperliquid.budget import shared_budget
from strandloom.hyperliquid.urls import is_loopback
from strandloom.service import Part
from strandloom.settings import Settings
from strandloom.store.database import Database
from strandloom.venues.account_feed import AccountFeed
from strandloom.venues.dead_man import DeadMan
from strandloom.venues.elsewhere import Elsewhere
from strandloom.venues.fallback import FallbackVenue
from strandloom.venues.hyperliquid.accounts import accesses
from strandloom.venues.hyperliquid.feed import HyperliquidFeed
from strandloom.venues.hyperliquid.opening import Access, opened, terms
from strandloom.venues.hyperliquid.sends import Sends, StoredSends
from strandloom.venues.hyperliquid.venue import HyperliquidVenue
from strandloom.venues.paper import PaperVenue
from strandloom.venues.port import Mode, Venue
from strandloom.venues.several_feeds import SeveralFeeds
from strandloom.venues.standing import Standing

TOGETHER = "hyperliquid_accounts"
PROBE_S = 5.0
_NO_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A venue, its account's channels where it has any, and what has to run beside it."""

    venue: Venue
    feed: AccountFeed | None = None
    parts: Sequence[Part] = ()


async def elsewhere(settings: Settings) -> Elsewhere:
    """What a process without the Trader knows: the venue's name, and its terms."""
    if settings.venue == "paper" or not {"decision_maker", "trader"} & set(settings.teams):
        return Elsewhere("paper", "paper", PaperVenue(Engine(Rules()), settings.paper_cash_usd))
    found = accesses(settings)
    name = found[0].called if len(found) == 1 else TOGETHER
    return Elsewhere(name, found[0].mode, await terms(found[0]))


@asynccontextmanager
async def venue(
    settings: Settings, database: Database, symbols: Sequence[str], clock: Clock
) -> AsyncIterator[Opened]:
    """For the leader of the role trader, and nobody else."""
    if settings.venue == "paper":
        yield Opened(venue=await _paper(settings, database))
        return
    async with AsyncExitStack() as stack:
        found = accesses(settings)
        made = [
            await stack.enter_async_context(_account(a, settings, database, symbols, clock)) for a in found
        ]
        feeds = [
            HyperliquidFeed(one, access.url, clock, Random())  # noqa: S311 - jitter of reconnects
            for one, access in zip(made, found, strict=True)
        ]
        ways = Counter(one.account for one in made)
        dead_men = [
            Part(name=f"dead man's switch of {one.name}", run=DeadMan(one, clock).run)
            for one in made
            if ways[one.account] == 1  # with two ways, a stop placed on one would not disarm the other's
        ]
        if len(made) == 1:
            yield Opened(venue=made[0], feed=feeds[0], parts=dead_men)
            return
        standings = [Standing(name=one.name, fee_bps=await one.taker_bps()) for one in made]
        both = FallbackVenue(TOGETHER, made, clock, standings, {one.name: one.account for one in made})
        probe = Part(name="probe of venues", run=both.parts.probing(PROBE_S))
        told = [(both.account_of(one.name).name, feed) for one, feed in zip(made, feeds, strict=True)]
        yield Opened(venue=both, feed=SeveralFeeds(told), parts=[*dead_men, probe])


def about(settings: Settings) -> str:
    """Where the money is, for the first screen."""
    if settings.venue == "paper":
        return f"on paper with {settings.paper_cash_usd} USD at the built-in exchange; no real money"
    found = accesses(settings)
    money = "REAL MONEY" if found[0].mode == "real" else "no real money"
    return f"{' or '.join(f'{a.called} at {a.url}' for a in found)}; {money}"


@asynccontextmanager
async def _account(
    access: Access, settings: Settings, database: Database, symbols: Sequence[str], clock: Clock
) -> AsyncIterator[HyperliquidVenue]:
    hide(access.key)

    def sends_of(mode: Mode, account: str, signer: str) -> Sends:
        return StoredSends(database, mode, account, signer)

    budget = shared_budget(access.url.rstrip("/"), _pace(access, settings))
    async with opened(access, sends_of, clock, budget=budget) as made:
        if settings.hyperliquid_leverage is not None:
            for symbol in symbols:
                if made.instrument(symbol) is not None:
                    await made.set_leverage(symbol, settings.hyperliquid_leverage)
        yield made


def _pace(access: Access, settings: Settings) -> int:
    """How many market minutes an exchange of ours lives through in a real one: its limits go by those."""
    if settings.feed == "hyperliquid" or not is_loopback(access.url):
        return 1
    return max(1, int(settings.market_speed)) if settings.market_speed else _NO_LIMIT


async def _paper(settings: Settings, database: Database) -> PaperVenue:
    """The built-in exchange in this process, kept in the database: a restart finds it as it was."""
    tape = await DatabaseTape.open(database, "paper")
    return PaperVenue(KeptEngine(tape, Rules()), settings.paper_cash_usd, tape.stored)
