"""A clock that tests move by hand; what sleeps on it only gives way to others."""

import asyncio
from datetime import UTC, datetime, timedelta

from strandloom.basics.ids import from_unix_ms


class VenueClock:
    """The venue's time, and ours, which may be wrong by `skew_s`."""

    def __init__(self, at: datetime, skew_s: float = 0.0) -> None:
        self._at = at
        self._skew = timedelta(seconds=skew_s)

    def venue(self) -> datetime:
        return self._at

    def now(self) -> datetime:
        return self._at + self._skew

    def wall(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0.002 if seconds else 0)

    def to(self, ms: int) -> None:
        """Move the venue's time there; it never runs backwards."""
        self._at = max(self._at, from_unix_ms(ms))
