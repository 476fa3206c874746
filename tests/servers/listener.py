"""Somebody who listens to an account feed and can wait for what a test expects."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar

from strandloom.kinds.fill import Fill
from strandloom.venues.account_feed import AccountEvent, AccountFeed

T = TypeVar("T")


class Listener:
    """Everything that was told, in order."""

    def __init__(self) -> None:
        self.heard: list[AccountEvent] = []
        self._news = asyncio.Condition()

    async def listen(self, feed: AccountFeed, since: datetime) -> None:
        async for event in feed.events(since):
            async with self._news:
                self.heard.append(event)
                self._news.notify_all()

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.heard if isinstance(event, kind)]

    @property
    def fills(self) -> list[Fill]:
        return self.of(Fill)

    async def until(self, true: Callable[["Listener"], Any]) -> None:
        """Wait until what was heard makes it true."""
        async with asyncio.timeout(60), self._news:
            await self._news.wait_for(lambda: true(self))


@asynccontextmanager
async def listening(feed: AccountFeed, since: datetime) -> AsyncIterator[Listener]:
    listener = Listener()
    task = asyncio.create_task(listener.listen(feed, since))
    try:
        yield listener
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
