"""Market time at a chosen pace: the clock of an exchange whose market is simulated."""

import asyncio
from datetime import UTC, datetime, timedelta


class PacedClock:
    """Runs `speed` times as fast as the wall, from `start`."""

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        self._start = start
        self._speed = speed
        self._from = self.wall()

    def now(self) -> datetime:
        return self._start + (self.wall() - self._from) * self._speed

    def wall(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def until(self, at: datetime) -> None:
        """Wait until it is `at` on the market."""
        left = (at - self.now()) / timedelta(seconds=self._speed)
        await self.sleep(max(0.0, left))
