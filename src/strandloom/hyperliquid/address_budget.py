"""The allowance of one account: 10 000 requests, one more per dollar traded, then one every 10 seconds."""

from collections.abc import Mapping
from typing import Any, Final

CUMULATIVE_LIMIT: Final = "Too many cumulative requests sent"
INITIAL: Final = 10_000
STARVED_EVERY_S: Final = 11.0  # documented as 10, observed as about 11


class AddressBudget:
    """What is left for one account.  Pure: time comes in; the venue's own count corrects ours.

    Cancels get a longer allowance, so that a starved account can still leave the market.
    """

    def __init__(self) -> None:
        self._used = 0
        self._cap = INITIAL
        self._last_at: float | None = None

    def corrected(self, told: Mapping[str, Any]) -> None:
        """Take over what `userRateLimit` says."""
        self._used = int(told["nRequestsUsed"])
        self._cap = int(told["nRequestsCap"]) + int(told.get("nRequestsSurplus", 0))

    def wait_s(self, now: float, *, cancel: bool = False) -> float:
        """Seconds until the next request may go out; 0 means now."""
        if self.left(cancel=cancel) > 0 or self._last_at is None:
            return 0.0
        return max(0.0, self._last_at + STARVED_EVERY_S - now)

    def spend(self, now: float, requests: int) -> None:
        """Note a request; a batch of n counts as n."""
        self._used += requests
        self._last_at = now

    def exhausted(self, now: float) -> None:
        """The venue said that nothing is left, whatever was counted here."""
        self._used = max(self._used, self._cap)
        self._last_at = now

    def left(self, *, cancel: bool = False) -> int:
        """Requests before the account is starved."""
        limit = min(self._cap + 100_000, 2 * self._cap) if cancel else self._cap
        return max(0, limit - self._used)
