"""What runs beside the Trader's modules: the watch on quotes, the upkeep of the venue, and its clean end."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from strandloom.basics.clock import Clock
from strandloom.market.source import Source
from strandloom.market.window import Window
from strandloom.service import Part
from strandloom.service.leases import Lease
from strandloom.teams.trader.account_watch import AccountWatch
from strandloom.teams.trader.leaving import leave
from strandloom.teams.trader.quote_watch import QuoteWatch
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.upkeep import Upkeep
from strandloom.teams.trader.watching import Watching
from strandloom.venues.account_feed import AccountFeed
from strandloom.venues.port import Venue


@asynccontextmanager
async def beside(
    board: Watching,
    market: Source,
    window: Window,
    venue: Venue,
    every_s: float,
    lease: Lease,
    readiness: Readiness,
    feed: AccountFeed | None = None,
) -> AsyncIterator[Sequence[Part]]:
    """`feed` is told where the venue has one; when stopped, and the role is ours, entries are taken back."""
    clock: Clock = market.clock
    upkeep = Upkeep(board, venue, clock, every_s, readiness)
    quotes = QuoteWatch(board, market.feed, market.symbols, window.view, clock)
    told = [Part(name="account watch", run=AccountWatch(feed, upkeep, clock).run)] if feed else []
    try:
        yield [Part(name="upkeep", run=upkeep.run), Part(name="quote watch", run=quotes.run), *told]
    except asyncio.CancelledError:
        if not lease.lost.is_set():
            await leave(board, venue, clock)
        raise
