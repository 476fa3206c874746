"""A clock whose wall time moves only when somebody sleeps on it."""

from datetime import UTC, datetime, timedelta


class SleptClock:
    """Sleeping is instant and moves the time; the sleeps are remembered."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def wall(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)
