"""Where a feed goes on: after the last heartbeat that was given; starting and recovering are the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from loguru import logger

from strandloom.basics.errors import Retryable
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
    try:
        await preload(store, feed, symbols, since, now=now, earliest=earliest)
    except Retryable as error:  # the next start tries again
        logger.warning("history_not_had", feed=feed.venue, why=str(error))
    missing = await store.holes(feed.venue, symbols, since - DAY_MINUTES, since)
    return Beginning(since=since, missing=missing)


async def preload(
    store: BarStore, feed: Feed, symbols: Sequence[str], until: int, *, now: datetime, earliest: int = 0
) -> int:
    """Seven days of history, as far as the feed reaches, of symbols whose bars begin later; how many bars."""
    start = max(until - HISTORY_MINUTES, earliest)
    begins = {one.symbol: minutes.of(one.first) for one in await store.held() if one.venue == feed.venue}
    stored = 0
    for symbol in symbols:
        first = min(begins.get(symbol, until), until)
        if start < first:
            pieces = await feed.history([symbol], start, first)
            stored += sum([await store.add(piece, now=now) for piece in pieces])
    if stored:
        logger.info("history_preloaded", feed=feed.venue, bars=stored, until=minutes.opens(until))
    return stored
