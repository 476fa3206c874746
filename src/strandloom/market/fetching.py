"""Fetches what a feed still has of the past, goes on where it stopped, and says what cannot be had."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import numpy as np

from strandloom.market.bars import Minutes
from strandloom.market.feeds.port import Feed
from strandloom.market.store import BarStore

_PAGE_MINUTES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One step: which minutes were asked for, and what came of it."""

    symbol: str
    start: int
    stop: int
    told: int  # bars that the feed had
    stored: int  # of which were new


async def fetch(
    feed: Feed, store: BarStore, symbols: Sequence[str], start: int, stop: int, now: int
) -> AsyncIterator[Page]:
    """Every missing stretch of every symbol, stored page by page."""
    from strandloom.market import minute as minutes

    for symbol in symbols:
        there = await store.read(feed.venue, [symbol], start, stop)
        have = there[0].minute if there else np.empty(0, dtype=np.int64)
        for first, end in pages(have, start, stop):
            pieces = await feed.history([symbol], first, end)
            stored = sum([await store.add(piece, now=minutes.opens(now)) for piece in pieces])
            told = sum(len(piece) for piece in pieces)
            yield Page(symbol=symbol, start=first, stop=end, told=told, stored=stored)


def pages(have: Minutes, start: int, stop: int) -> list[tuple[int, int]]:
    """The stretches of [start, stop) that are not there yet, none longer than a page."""
    edges = np.concatenate(([start - 1], have, [stop]))
    holes = np.flatnonzero(np.diff(edges) > 1)
    spans = [(int(edges[at]) + 1, int(edges[at + 1])) for at in holes]
    return [
        (first, min(first + _PAGE_MINUTES, end))
        for begin, end in spans
        for first in range(begin, end, _PAGE_MINUTES)
    ]
