"""A clock whose wall time moves only when the test says so."""

import asyncio
from datetime import datetime, timedelta

from tests.builders import NOON


class HandClock:
    """Sleepers wake when `pass_s` has carried the time past them."""

    def __init__(self, start: datetime = NOON) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    def wall(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        waker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=seconds), waker))
        await waker

    def pass_s(self, seconds: float) -> None:
        """So much time goes by."""
        self._now += timedelta(seconds=seconds)
        due = [waker for at, waker in self._sleepers if at <= self._now]
        self._sleepers = [(at, waker) for at, waker in self._sleepers if at > self._now]
        for waker in due:
            if not waker.done():
                waker.set_result(None)
