"""Orders of one account, from the claim to send them to what the venue shows of them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Refused
from strandloom.basics.ids import unix_ms
from strandloom.hyperliquid import actions
from strandloom.kinds.order import OrderIntent
from strandloom.venues.hyperliquid import parse, wire
from strandloom.venues.hyperliquid.answers import Accepted, Answer, Denied, Lost, Unsent
from strandloom.venues.hyperliquid.client import Client
from strandloom.venues.hyperliquid.doubts import Doubts
from strandloom.venues.hyperliquid.executions import Executions
from strandloom.venues.hyperliquid.refusals import meaning
from strandloom.venues.hyperliquid.sends import Send, Sends, What
from strandloom.venues.hyperliquid.universe import Asset
from strandloom.venues.port import LIVE, Report, VenueSilent

_TRIES: Final = 3
_LONGEST: Final = timedelta(minutes=15)


class Orders:
    """An order is sent by whoever has claimed its client order id; by nobody else until that send is dead."""

    def __init__(self, client: Client, sends: Sends, executions: Executions, clock: Clock) -> None:
        self._client = client
        self._sends = sends
        self._executions = executions
        self._clock = clock
        self._doubts = Doubts(client, sends, clock)
        self._sending: set[str] = set()
        self._doubtful: set[str] = set()  # client order ids with a send whose fate is not known
        self._life = timedelta(seconds=15)  # after this the venue refuses a request that was under way

    async def recall(self) -> None:
        """What earlier processes of this account left in doubt."""
        self._doubtful |= set(await self._sends.doubtful())

    # -- placing and changing --------------------------------------------------------------------

    async def place(self, asset: Asset, intent: OrderIntent, stop: OrderIntent | None = None) -> Report:
        for _ in range(_TRIES):
            report = None
            async with self._claimed(intent.cloid, "order", stop.cloid if stop else None) as send:
                if send is not None and send.account != self._client.account:
                    raise Refused("sent_elsewhere", f"{intent.cloid} was sent for the account {send.account}")
                if send is not None and send.fresh:
                    report = await self._placed(asset, intent, stop, send)
            if report is None:
                report = await self.order(intent.cloid)
            if report is not None:
                return report
        raise VenueSilent(f"the order {intent.cloid} could not be sent; it has not acted and never will")

    async def modify(self, asset: Asset, intent: OrderIntent) -> Report | None:
        known = await self.order(intent.cloid)
        if known is None or known.state not in LIVE:
            return known
        action = actions.modify([(intent.cloid, wire.order(asset, intent))], taker_allowed=True)
        async with self._claimed(intent.cloid, "modify") as send:
            refusal = None
            if send is not None:
                refusal = await self._booked(send, await self._act(action, send, intent.reduce_only))
        now = await self.order(intent.cloid)
        return now if now is None or refusal is None else replace(now, why=refusal)

    async def cancel(self, asset: Asset, cloid: str) -> Report | None:
        await self._cancelled(actions.cancel_by_cloid([(asset.index, cloid)]), cloid)
        return await self.order(cloid)

    async def take_back(self, asset: Asset, oid: int) -> bool:
        """By the venue's own id; what it does not find rests no more."""
        refusal = await self._cancelled(actions.cancel([(asset.index, oid)]), f"order {oid}")
        return refusal is None or meaning(refusal) == "gone"

    async def _cancelled(self, action: actions.Wire, what: str) -> str | None:
        """Why the venue refused to cancel; VenueSilent where nobody knows."""
        nonce = await self._sends.nonce(self._clock.wall())
        match await self._client.act(action, nonce, life=self._life, urgent=True):
            case Unsent(reason) | Lost(reason):
                raise VenueSilent(f"nobody knows whether {what} is cancelled: {reason}")
            case Denied(reason, "clock"):
                self._give_more_time(reason)
                raise VenueSilent(f"the cancel of {what} did nothing: {reason}")
            case Denied(reason):
                logger.warning("cancel_refused", what=what, why=reason)
                return reason
            case Accepted({"data": {"statuses": [{"error": str(reason)}]}}):
                return reason
        return None

    async def _placed(
        self, asset: Asset, intent: OrderIntent, stop: OrderIntent | None, send: Send
    ) -> Report | None:
        answer = await self._act(wire.placing(asset, intent, stop), send, intent.reduce_only)
        refusal = await self._booked(send, answer)
        if refusal is not None:
            return Report(state="rejected", why=refusal)
        match answer:
            case Accepted({"data": {"statuses": [{"resting": {"oid": int(oid)}}, *_]}}) if not _may_cross(
                intent
            ):
                return Report(state="acknowledged", oid=oid)
            case Unsent(reason):
                raise VenueSilent(f"the order {intent.cloid} was not sent: {reason}")
        return None

    async def _act(self, action: actions.Wire, send: Send, urgent: bool) -> Answer:
        return await self._client.act(action, send.nonce, life=self._life, urgent=urgent)

    async def _booked(self, send: Send, answer: Answer) -> str | None:
        """Write down what became of a send; the text is why the venue refused it."""
        match answer:
            case Accepted({"data": {"statuses": [{"error": str(reason)}, *_]}}):
                await self._doubts.refused(send, reason)
                return reason
            case Accepted():
                await self._doubts.arrived(send)
            case Denied(reason, "clock"):
                self._give_more_time(reason)
                await self._doubts.never(send, reason)
            case Denied(reason, "doubt") | Lost(reason):
                self._doubts.lost(send)
                self._doubtful.update(send.cloids)
                logger.warning("request_in_doubt", cloid=send.cloid, what=send.what, why=reason)
            case Denied(reason):
                await self._doubts.refused(send, reason)
                return reason
            case Unsent(reason):
                await self._doubts.never(send, reason)
        return None

    def _give_more_time(self, reason: str) -> None:
        """It was late: clocks differ, or the way is slow.  Doubts end by nonces, so it costs little."""
        self._life = min(self._life * 4, _LONGEST)
        logger.warning("venue_found_request_late", why=reason, life_s=self._life.total_seconds())

    @asynccontextmanager
    async def _claimed(self, cloid: str, what: What, child: str | None = None) -> AsyncIterator[Send | None]:
        """The right to send, None where this process is at it already; a block that breaks leaves doubt."""
        if cloid in self._sending:
            yield None
            return
        both = {cloid} if child is None else {cloid, child}
        self._sending |= both
        try:
            yield await self._sends.claim(cloid, what, self._clock.wall(), self._life, child)
        except (Refused, VenueSilent):
            raise  # nothing of it is on its way
        except BaseException:
            self._doubtful |= both
            raise
        finally:
            self._sending -= both

    # -- where an order stands -------------------------------------------------------------------

    async def order(self, cloid: str) -> Report | None:
        if cloid in self._sending:
            return Report(state="unknown", why="it is being sent")
        told = await self._asked(cloid)
        if told is None or cloid in self._doubtful:
            sends = await self._settled(cloid, listed=told is not None)
            if any(send.outcome is None for send in sends):
                return Report(
                    state="unknown", why="a request for it has not been answered, and may still act"
                )
            self._doubtful.discard(cloid)
            told = told or await self._asked(cloid)
            if told is None:
                return await self._unlisted(cloid, sends)
        return await self._executions.of(parse.stand(told))

    async def _asked(self, cloid: str) -> dict[str, Any] | None:
        answer = await self._client.ask_mine("orderStatus", oid=cloid)
        return answer["order"] if answer["status"] == "order" else None

    async def _settled(self, cloid: str, *, listed: bool) -> Sequence[Send]:
        """Its sends, or those of the order that it went along with, after trying to settle their doubts."""
        for send in await self._sends.of(cloid):
            if send.outcome is None and listed and send.what == "order":
                await self._doubts.arrived(send)
            elif send.outcome is None:
                await self._doubts.resolve(send)
        return await self._sends.of(cloid)

    async def _unlisted(self, cloid: str, sends: Sequence[Send]) -> Report | None:
        """`unknownOid` alone proves nothing: the venue forgets orders, and shows new ones a little late."""
        if not sends:
            return None
        first = sends[-1]
        traded = await self._executions.under(cloid, unix_ms(first.sent_at))
        if traded is not None:
            return traded
        order = next((send for send in sends if send.what == "order"), None)
        if order is None:
            return None
        if order.outcome == "refused":
            return Report(state="rejected", why=order.why)
        if order.outcome == "never":
            return None
        if not self._doubts.is_shown_by_now(order):
            return Report(state="unknown", why="the venue took a request for it and does not show it yet")
        return Report(state="cancelled", why="the venue took it, shows it no more, and shows no fill of it")


def _may_cross(intent: OrderIntent) -> bool:
    """May it have traded when it came in, although it rests now?"""
    return intent.trigger is None and intent.time_in_force != "alo"
