"""Questions and signed actions of one account: waits before the venue has to say so, names every failure."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from strandloom.basics.clock import Clock
from strandloom.basics.ids import unix_ms
from strandloom.hyperliquid.address_budget import AddressBudget
from strandloom.hyperliquid.errors import (
    MalformedAnswer,
    MalformedRequest,
    OutcomeUnknown,
    RateLimited,
    VenueDown,
    VenueRefused,
)
from strandloom.hyperliquid.rest import Rest
from strandloom.hyperliquid.signing import Wallet, signed_l1
from strandloom.hyperliquid.urls import is_mainnet
from strandloom.hyperliquid.weights import batch_length
from strandloom.venues.hyperliquid.answers import Accepted, Answer, Denied, Lost, Unsent
from strandloom.venues.hyperliquid.refusals import meaning
from strandloom.venues.port import VenueSilent

KEPT_FOR_EXITS: Final = 200  # requests of the account that entries leave to stops, closes and cancels
_NOT_READ: Final = (400, 401, 403, 404, 405, 413, 415, 422)  # any other may come after the venue has acted
_PATIENCE_S: Final = 2.0
_COUNT_AGAIN_S: Final = 300.0
_AT_ONCE: Final = timedelta(milliseconds=50)


class Client:
    """`urgent` requests (exits, cancels) may use what is kept for them."""

    def __init__(self, rest: Rest, wallet: Wallet, account: str, clock: Clock) -> None:
        self.account = account
        self.signer = wallet.address
        self.budget = AddressBudget()
        self._rest = rest
        self._wallet = wallet
        self._clock = clock
        self._mainnet = is_mainnet(rest.base_url)
        self._counted_at = 0.0
        self._for_another: dict[str, tuple[datetime, Any]] = {}

    async def ask(self, kind: str, **fields: Any) -> Any:
        """A question; VenueSilent where nobody answers it."""
        try:
            return await self._rest.info(kind, **fields)
        except (VenueDown, RateLimited, MalformedAnswer) as error:
            raise VenueSilent(str(error)) from error

    async def ask_mine(self, kind: str, **fields: Any) -> Any:
        """A question about the account, which is never the agent's."""
        return await self.ask(kind, user=self.account, **fields)

    async def ask_for_two(self, kind: str) -> Any:
        """A question about the account whose answer the next one who asks at once may have as well."""
        told = self._for_another
        answer = await self.ask_mine(kind)
        told[kind] = self._clock.wall(), answer  # lost if something was sent meanwhile
        return answer

    async def ask_second(self, kind: str) -> Any:
        """The answer that was left over a moment ago, once; else a new one."""
        left_over = self._for_another.pop(kind, None)
        if left_over is not None and self._clock.wall() - left_over[0] < _AT_ONCE:
            return left_over[1]
        return await self.ask_mine(kind)

    async def act(
        self, action: Mapping[str, Any], nonce: int, *, life: timedelta | None = None, urgent: bool = False
    ) -> Answer:
        """Sign it with that nonce and send it once; after `life` the venue refuses it."""
        cancels = action["type"] in ("cancel", "cancelByCloid", "noop")
        if (reason := await self._starved(urgent=urgent, cancels=cancels)) is not None:
            return Unsent(reason)
        expires = None if life is None else unix_ms(self._clock.wall() + life)
        signed = signed_l1(self._wallet, action, nonce, mainnet=self._mainnet, expires_after=expires)
        self.budget.spend(self._now_s(), batch_length(action))
        try:
            return await self._sent(signed)
        finally:
            self._for_another = {}

    async def _sent(self, signed: Mapping[str, Any]) -> Answer:
        try:
            return Accepted(await self._rest.exchange(signed))
        except (VenueDown, RateLimited) as error:
            if meaning(str(error)) == "budget":
                self.budget.exhausted(self._now_s())
            return Unsent(str(error))
        except VenueRefused as error:
            return Denied(error.reason, meaning(error.reason))
        except MalformedRequest as error:
            unread = error.numbers["status"] in _NOT_READ
            return Denied(error.reason, "order") if unread else Lost(str(error))
        except (OutcomeUnknown, MalformedAnswer) as error:
            return Lost(str(error))

    async def _starved(self, *, urgent: bool, cancels: bool) -> str | None:
        """Why the account has to wait; None when it may go on.  The venue's own count is asked for rarely."""
        if not urgent and self.budget.left() < KEPT_FOR_EXITS:
            await self._count_again()
            if self.budget.left() < KEPT_FOR_EXITS:
                return f"{self.budget.left()} requests of the account are left, and those are kept for exits"
        wait_s = self.budget.wait_s(self._now_s(), cancel=cancels)
        if wait_s > _PATIENCE_S:
            return f"the account has used up its requests; the next one is due in {wait_s:.0f} s"
        if wait_s:
            await self._clock.sleep(wait_s)
        return None

    async def _count_again(self) -> None:
        if self._now_s() - self._counted_at > _COUNT_AGAIN_S or not self._counted_at:
            self._counted_at = self._now_s()
            with suppress(VenueSilent):  # our own count is good enough
                await self.count()

    async def count(self) -> None:
        """Take over how many requests the venue has counted."""
        self.budget.corrected(await self.ask_mine("userRateLimit"))

    def _now_s(self) -> float:
        return unix_ms(self._clock.wall()) / 1000
