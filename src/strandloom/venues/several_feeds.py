"""The channels of several accounts as one, under the name of the venue that they are together."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime

from strandloom.venues.account_feed import AccountEvent, AccountFeed


class SeveralFeeds:
    """Each keeps a connection of its own; what one of them loses does not hold up the others."""

    def __init__(self, feeds: Sequence[AccountFeed], name: str) -> None:
        self._feeds = feeds
        self._name = name

    async def events(self, since: datetime) -> AsyncIterator[AccountEvent]:
        told: asyncio.Queue[AccountEvent] = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            listening = [group.create_task(self._listen(feed, since, told)) for feed in self._feeds]
            try:
                while True:
                    yield replace(await told.get(), venue=self._name)
            finally:
                for task in listening:
                    task.cancel()

    async def _listen(self, feed: AccountFeed, since: datetime, told: "asyncio.Queue[AccountEvent]") -> None:
        async for event in feed.events(since):
            await told.put(event)
