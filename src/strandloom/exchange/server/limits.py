"""The venue's limits: weight per minute and IP address, requests per account, and those of WebSockets."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from strandloom.hyperliquid.budget import WeightWindow

_NEVER: Final = 2**53
_STARVED_EVERY_S: Final = 10.0
_REMEMBERED_IPS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one client may do; the defaults are the venue's."""

    weight_per_minute: int = 1_200
    free_requests: int = 10_000  # of an account; one more per dollar it traded
    connections: int = 10
    new_connections_per_minute: int = 30
    subscriptions: int = 1_000
    users: int = 10  # different accounts subscribed to
    messages_per_minute: int = 2_000
    posts_in_flight: int = 100

    @classmethod
    def none(cls) -> "Limits":
        """No limits at all: for load tests."""
        return cls(
            weight_per_minute=_NEVER,
            free_requests=_NEVER,
            connections=_NEVER,
            new_connections_per_minute=_NEVER,
            subscriptions=_NEVER,
            users=_NEVER,
            messages_per_minute=_NEVER,
            posts_in_flight=_NEVER,
        )


class Meters:
    """A counter per IP address of what it did in the last minute; long silent addresses are forgotten."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._windows: OrderedDict[str, WeightWindow] = OrderedDict()

    def allows(self, ip: str, weight: int, now_s: float) -> bool:
        """Count `weight` and say yes, or leave the count and say no."""
        if self._per_minute >= _NEVER:
            return True
        window = self._of(ip)
        if window.used(now_s) + weight > self._per_minute:
            return False
        window.spend(now_s, weight)
        return True

    def charge(self, ip: str, weight: int, now_s: float) -> None:
        """Count what an answer turned out to cost."""
        if weight and self._per_minute < _NEVER:
            self._of(ip).spend(now_s, weight)

    def _of(self, ip: str) -> WeightWindow:
        window = self._windows.get(ip)
        if window is None:
            window = self._windows[ip] = WeightWindow(self._per_minute)
            if len(self._windows) > _REMEMBERED_IPS:
                self._windows.popitem(last=False)
        self._windows.move_to_end(ip)
        return window


class Allowances:
    """How many requests each account has sent, against what its trading volume allows."""

    def __init__(self, free_requests: int) -> None:
        self._free = free_requests
        self.used: dict[str, int] = {}
        self._last_s: dict[str, float] = {}

    def cap(self, volume_usd: int) -> int:
        """All the requests an account may ever send, so far."""
        return self._free + volume_usd

    def refuses(self, user: str, volume_usd: int, now_s: float, *, cancel: bool) -> str | None:
        """Why the account has to wait; None when it may go on.  Asking costs nothing."""
        used, cap = self.used.get(user, 0), self.cap(volume_usd)
        limit = min(cap + 100_000, 2 * cap) if cancel else cap
        if used < limit or now_s - self._last_s.get(user, -_STARVED_EVERY_S) >= _STARVED_EVERY_S:
            return None
        return (
            f"Too many cumulative requests sent ({used + 1} > {limit}) for cumulative volume traded "
            f"${volume_usd}. Place taker orders to free up 1 request per USDC traded."
        )

    def spend(self, user: str, requests: int, now_s: float) -> None:
        """Count what was carried out."""
        self.used[user] = self.used.get(user, 0) + requests
        self._last_s[user] = now_s
