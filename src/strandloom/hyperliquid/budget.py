"""One weight budget per process and venue: it waits before the venue has to say so."""

from collections import deque
from functools import lru_cache
from typing import Final

from strandloom.basics.clock import Clock, SystemClock
from strandloom.basics.ids import unix_ms
from strandloom.hyperliquid import weights

WINDOW_S: Final = 60.0


class WeightWindow:
    """The weight spent in the last minute, and how long the next request must wait.  Pure: time comes in."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._spent: deque[tuple[float, int]] = deque()
        self._sum = 0
        self._closed_until = 0.0

    def wait_s(self, now: float, weight: int, keep: int = 0) -> float:
        """Seconds until `weight` may be spent so that `keep` stays for others; 0 means now."""
        self._forget(now)
        room = max(0, self.per_minute - keep - min(weight, self.per_minute - keep))
        free_at, left = now, self._sum
        for at, spent in self._spent:
            if left <= room:
                break
            left -= spent
            free_at = at + WINDOW_S
        return max(0.0, free_at - now, self._closed_until - now)

    def spend(self, now: float, weight: int) -> None:
        """Note what a request cost."""
        self._spent.append((now, weight))
        self._sum += weight

    def close(self, until: float) -> None:
        """The venue said stop: nothing goes out before `until`."""
        self._closed_until = max(self._closed_until, until)

    def used(self, now: float) -> int:
        """Weight spent in the last minute."""
        self._forget(now)
        return self._sum

    def _forget(self, now: float) -> None:
        while self._spent and self._spent[0][0] <= now - WINDOW_S:
            self._sum -= self._spent.popleft()[1]


class WeightBudget:
    """What all REST clients of a process share.  Data requests leave `keep_for_orders` to actions."""

    def __init__(self, clock: Clock, *, per_minute: int = 1100, keep_for_orders: int = 100) -> None:
        self._clock = clock
        self._window = WeightWindow(per_minute)
        self._keep = keep_for_orders

    async def take(self, weight: int, *, for_order: bool = False) -> None:
        """Return when `weight` may be spent, having spent it."""
        keep = 0 if for_order else self._keep
        while wait_s := self._window.wait_s(self._now(), weight, keep):
            await self._clock.sleep(wait_s)
        self._window.spend(self._now(), weight)

    def charge(self, weight: int) -> None:
        """Add what an answer turned out to cost."""
        if weight:
            self._window.spend(self._now(), weight)

    def close_for(self, seconds: float) -> None:
        """The venue answered 429: everyone waits."""
        self._window.close(self._now() + seconds)

    @property
    def used(self) -> int:
        """Weight spent in the last minute."""
        return self._window.used(self._now())

    def _now(self) -> float:
        return unix_ms(self._clock.wall()) / 1000


@lru_cache
def shared_budget(base_url: str, pace: int = 1) -> WeightBudget:
    """The budget of this process for one venue: every caller gets the same.

    `pace` is above 1 at an exchange of ours over a faster market: it counts market minutes.
    """
    return WeightBudget(SystemClock(), per_minute=weights.PER_MINUTE * pace - 100)
