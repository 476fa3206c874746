"""The channels of several accounts as one; each thing is told under the name of its account, and once."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from strandloom.kinds.fill import Fill, FundingPaid
from strandloom.venues.account_feed import AccountEvent, AccountFeed

_REMEMBERED: Final = 20_000


class SeveralFeeds:
    """Each keeps a connection of its own; what one of them loses does not hold up the others.

    Two feeds of the same account tell the same: of fills and fundings only the first word counts.
    """

    def __init__(self, feeds: Sequence[tuple[str, AccountFeed]]) -> None:
        """Each with the name of its account."""
        self._feeds = feeds

    async def events(self, since: datetime) -> AsyncIterator[AccountEvent]:
        told: asyncio.Queue[AccountEvent] = asyncio.Queue()
        once = _Once()
        async with asyncio.TaskGroup() as group:
            listening = [
                group.create_task(self._listen(name, feed, since, told)) for name, feed in self._feeds
            ]
            try:
                while True:
                    event = await told.get()
                    if once.is_news(event):
                        yield event
            finally:
                for task in listening:
                    task.cancel()

    async def _listen(
        self, name: str, feed: AccountFeed, since: datetime, told: "asyncio.Queue[AccountEvent]"
    ) -> None:
        async for event in feed.events(since):
            await told.put(replace(event, venue=name))


class _Once:
    """Remembers the fills and fundings that were told."""

    def __init__(self) -> None:
        self._told: OrderedDict[Hashable, None] = OrderedDict()

    def is_news(self, event: AccountEvent) -> bool:
        match event:
            case Fill():
                key: Hashable = (event.venue, event.at, event.symbol, event.tid)
            case FundingPaid():
                key = (event.venue, event.at, event.symbol)
            case _:
                return True
        if key in self._told:
            return False
        self._told[key] = None
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        return True
