"""The only file that knows what time it is; every other one is handed a clock."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Market time drives the network; wall time only leases, retries and timeouts."""

    def now(self) -> datetime:
        """Market time, aware, UTC."""
        ...

    def wall(self) -> datetime:
        """Wall time, aware, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that much wall time."""
        ...


class SystemClock:
    """Live trading: market time is wall time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wall(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class DrivenClock:
    """Replays and simulated markets: market time is what the data last said; wall time stays real."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def wall(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def set(self, at: datetime) -> None:
        """Move market time to `at`; it never runs backwards."""
        if at < self._now:
            raise ValueError(f"market time cannot go back from {self._now} to {at}")
        self._now = at
