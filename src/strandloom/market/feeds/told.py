"""A panel told minute by minute, as a live feed would tell it; the clock is driven by the data."""

from collections.abc import Iterator
from datetime import timedelta

from strandloom.market import minute as minutes
from strandloom.market.feeds.port import Closed, FeedEvent, Listed, Passed
from strandloom.market.panel import Panel

_WAITED = timedelta(seconds=59)  # as long as anybody would wait, and still before the next close


def tell(market: Panel, minute: int, listed: set[str]) -> Iterator[FeedEvent]:
    """One minute: symbols that are new, the bars, and the time that passed without the missing ones."""
    bars = tuple(market.column(minute))
    now = minutes.closes(minute)
    for bar in bars:
        if bar.symbol not in listed:
            listed.add(bar.symbol)
            yield Listed(symbol=bar.symbol, minute=minute, now=minutes.opens(minute))
    if bars:
        yield Closed(bars=bars, now=now)
    if 0 < len(bars) < len(listed):
        yield Passed(now=now + _WAITED)
