"""The port of whatever tells a runner that a consumer has news; a hint only, the queue is the truth."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Protocol
from weakref import WeakSet

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


class Shared:
    """One waker for several runners: `run` it, and give each an ear of its own."""

    def __init__(self, waker: Waker, look_s: float = 2.0) -> None:
        self._waker = waker
        self._look_s = look_s
        self._ears: WeakSet[_Ear] = WeakSet()

    def ear(self) -> Waker:
        """A waker that hears whatever the shared one hears."""
        ear = _Ear(self._waker.busy)
        self._ears.add(ear)
        return ear

    async def run(self) -> None:
        """Pass on what is heard, for ever."""
        while True:
            called = await self._waker.wait(self._look_s)
            for ear in list(self._ears):
                ear.tell(called)


class _Ear:
    """Remembers what was called until its runner asks; no names at all mean: look at everything."""

    def __init__(self, busy: Callable[[], None]) -> None:
        self.busy = busy
        self._called: set[str] = set()
        self._everything = False
        self._something = asyncio.Event()

    def tell(self, called: frozenset[str]) -> None:
        self._called |= called
        self._everything |= not called
        self._something.set()

    async def wait(self, timeout_s: float) -> frozenset[str]:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._something.wait(), timeout_s)
        self._something.clear()
        called = frozenset() if self._everything else frozenset(self._called)
        self._called.clear()
        self._everything = False
        return called
