"""The port of whatever tells a runner that a consumer has news; a hint only, the queue is the truth."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from strandloom.basics.clock import Clock


class Waker(Protocol):
    """Waits for news of consumers."""

    async def wait(self, timeout_s: float) -> frozenset[str]:
        """The consumers that have news; empty when the time passed without any (then look at all)."""
        ...

    def busy(self) -> None:
        """Work was found: look again soon."""
        ...


class Bell:
    """For boards in the same process: rung for a consumer, it wakes whoever waits."""

    def __init__(self) -> None:
        self._rung: set[str] = set()
        self._something = asyncio.Event()

    def ring(self, consumer: str) -> None:
        """This consumer has news."""
        self._rung.add(consumer)
        self._something.set()

    async def wait(self, timeout_s: float) -> frozenset[str]:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._something.wait(), timeout_s)
        self._something.clear()
        rung = frozenset(self._rung)
        self._rung.clear()
        return rung

    def busy(self) -> None:
        """A bell needs no hint."""


class Polling:
    """For boards that cannot call: every consumer may have news, ever more seldom while nothing happens."""

    def __init__(
        self, consumers: Iterable[str], clock: Clock, *, quickest_s: float = 0.025, slowest_s: float = 1.0
    ) -> None:
        self._consumers = frozenset(consumers)
        self._clock = clock
        self._quickest_s = quickest_s
        self._slowest_s = slowest_s
        self._pause_s = quickest_s

    async def wait(self, timeout_s: float) -> frozenset[str]:
        await self._clock.sleep(min(self._pause_s, timeout_s))
        self._pause_s = min(self._pause_s * 2, self._slowest_s)
        return self._consumers

    def busy(self) -> None:
        self._pause_s = self._quickest_s
