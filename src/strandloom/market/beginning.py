"""Where a feed goes on: after the last heartbeat that was given; starting and recovering are the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from loguru import logger

from strandloom.market import minute as minutes
from strandloom.market.feeds.port import Feed
from strandloom.market.minute import DAY_MINUTES
from strandloom.market.store import BarStore

HISTORY_MINUTES = 7 * DAY_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The first minute to give, and the holes that are already known."""

    since: int
    missing: Mapping[str, Sequence[int]] = field(default_factory=dict)


async def begin(
    store: BarStore, feed: Feed, symbols: Sequence[str], first: int, *, now: datetime, earliest: int = 0
) -> Beginning:
    """Go on after the last heartbeat, or begin with `first`; `earliest` is how far back the feed reaches."""
    last = await store.last_beat(feed.venue)
    since = first if last is None else max(last + 1, earliest)
    if last is not None and since > last + 1:
        logger.warning("minutes_out_of_reach", feed=feed.venue, minutes=since - last - 1)
    await preload(store, feed, symbols, since, now=now)
    missing = await store.holes(feed.venue, symbols, since - DAY_MINUTES, since)
    return Beginning(since=since, missing=missing)


async def preload(store: BarStore, feed: Feed, symbols: Sequence[str], until: int, *, now: datetime) -> int:
    """Seven days of history of the symbols that have none; how many bars were stored."""
    there = {held.symbol for held in await store.held() if held.venue == feed.venue}
    strange = [symbol for symbol in symbols if symbol not in there]
    if not strange:
        return 0
    pieces = await feed.history(strange, until - HISTORY_MINUTES, until)
    stored = sum([await store.add(piece, now=now) for piece in pieces])
    logger.info("history_preloaded", feed=feed.venue, bars=stored, until=minutes.opens(until))
    return stored
