"""Settling what became of a request that nobody answered: without waiting, and without believing silence.

The venue takes each nonce once.  So a request that does nothing is sent with the very nonce of the lost one.
If it is taken, the lost one can never act any more; if its nonce is refused as used, the lost one has arrived
and the books of the venue show what it did.
"""

from datetime import timedelta
from typing import Final

from strandloom.basics.clock import Clock
from strandloom.hyperliquid import actions
from strandloom.venues.hyperliquid.answers import Accepted, Denied
from strandloom.venues.hyperliquid.client import Client
from strandloom.venues.hyperliquid.sends import Outcome, Send, Sends

QUIET: Final = timedelta(seconds=12)  # longer than a request may take: another process may be waiting for it
LONG_OVER: Final = timedelta(
    minutes=5
)  # after its expiry, where we cannot use its nonce up: clocks may differ
SHOWS: Final = timedelta(seconds=15)  # what arrived is shown by the venue within this time, or it was refused


class Doubts:
    """The sends of one account that have no outcome yet."""

    def __init__(self, client: Client, sends: Sends, clock: Clock) -> None:
        self._client = client
        self._sends = sends
        self._clock = clock
        self._lost: set[int] = set()  # nonces of ours for whose answer nobody waits any more

    def lost(self, send: Send) -> None:
        """Its answer will not come."""
        self._lost.add(send.nonce)

    async def arrived(self, send: Send) -> None:
        """The venue shows it."""
        await self._settle(send, "arrived", "")

    async def refused(self, send: Send, why: str) -> None:
        """The venue said no."""
        await self._settle(send, "refused", why)

    async def never(self, send: Send, why: str) -> None:
        """It has not acted and cannot."""
        await self._settle(send, "never", why)

    async def resolve(self, send: Send) -> Outcome | None:
        """What became of it; None as long as that cannot be known."""
        if send.outcome is not None:
            return send.outcome
        wall = self._clock.wall()
        if send.signer != self._client.signer:
            return await self._expired(send)
        if send.nonce not in self._lost and wall < send.sent_at + QUIET:
            return None
        match await self._client.act(actions.noop(), send.nonce, urgent=True):
            case Accepted():
                return await self._settle(send, "never", "it was lost on its way, and its nonce is used up")
            case Denied(reason, "doubt"):
                return await self._settle(send, "arrived", reason)
            case Denied(reason, "clock") if "too low" in reason:
                return await self._settle(send, "arrived", reason)
            case Denied():
                return await self._expired(send)
        return None

    async def _expired(self, send: Send) -> Outcome | None:
        """Where its nonce cannot be used up, only its expiry ends the doubt, long enough ago."""
        if self._clock.wall() < send.expires_at + LONG_OVER:
            return None
        return await self._settle(send, "never", "it expired on its way")

    def is_shown_by_now(self, send: Send) -> bool:
        """Would the venue show it by now, had it taken it?"""
        return send.settled_at is None or self._clock.wall() > send.settled_at + SHOWS

    async def _settle(self, send: Send, outcome: Outcome, why: str) -> Outcome:
        self._lost.discard(send.nonce)
        await self._sends.settle(send, outcome, why, self._clock.wall())
        return outcome
