"""An account's channels over the WebSocket, made whole over HTTP: nothing missed, nothing told twice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.hyperliquid.errors import SubscriptionRefused
from strandloom.hyperliquid.socket import Event, Lost, Message, Opened, Socket
from strandloom.hyperliquid.urls import socket_url
from strandloom.venues.account_feed import AccountEvent, AccountSnapshot, Away
from strandloom.venues.hyperliquid.hearing import Hearing
from strandloom.venues.hyperliquid.venue import HyperliquidVenue
from strandloom.venues.port import VenueSilent

_OVERLAP: Final = timedelta(seconds=5)  # a fill may be shown a little after one that came later


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long it waits for what, in seconds."""

    silence: float = 45.0  # a connection that says nothing for so long is dead
    look: float = 5.0  # so often it looks whether anything is due
    in_force: float = 5.0  # so long the subscriptions may take
    again: float = 60.0  # a message can be lost without a trace
    away_again: float = 15.0  # without a connection, HTTP may still work


USUAL: Final = Pace()


class HyperliquidFeed:
    """Every call to `events` keeps a connection of its own."""

    def __init__(
        self,
        venue: HyperliquidVenue,
        url: str,
        clock: Clock,
        rng: Random,
        *,
        pace: Pace = USUAL,
    ) -> None:
        self._venue = venue
        self._url = url
        self._clock = clock
        self._rng = rng
        self._pace = pace

    async def events(self, since: datetime) -> AsyncIterator[AccountEvent]:
        silence_s = self._pace.silence
        socket = Socket(
            socket_url(self._url),
            self._clock,
            self._rng,
            silence_s=silence_s,
            ping_every_s=min(20.0, silence_s / 2),
        )
        hearing = Hearing(self._venue.name, self._venue.executions)
        for subscription in hearing.subscriptions(self._venue.account):
            await socket.subscribe(subscription)
        following = _Following(self._venue, hearing, since, self._clock, self._pace)
        try:
            async with socket.running():
                while True:
                    async for event in following.after(await self._next(socket)):
                        yield event
        except ExceptionGroup as several:  # of the connection's tasks; nearly always only one failed
            raise several.exceptions[0] from several

    async def _next(self, socket: Socket) -> Event | None:
        """What comes next over the socket, or None when it is time to look after things."""
        try:
            async with asyncio.timeout(self._pace.look):
                return await socket.next()
        except TimeoutError:
            return None
        except SubscriptionRefused as refused:
            logger.warning("account_channel_refused", venue=self._venue.name, why=str(refused))
            return None


class _Following:
    """One reader: what it was told, what it holds back until it is whole, and from when on to ask."""

    def __init__(
        self, venue: HyperliquidVenue, hearing: Hearing, since: datetime, clock: Clock, pace: Pace
    ) -> None:
        self._venue = venue
        self._hearing = hearing
        self._clock = clock
        self._pace = pace
        self._fills_from = since
        self._fundings_from = since
        self._held: list[Message] = []
        self._connected = False
        self._whole = False  # since the connection was made, everything was asked for
        self._changed_at = clock.wall()  # connected, lost, or made whole
        self._snapshots = 0

    async def after(self, event: Event | None) -> AsyncIterator[AccountEvent]:
        match event:
            case Opened():
                self._connected, self._whole, self._held = True, False, []
                self._changed_at = self._clock.wall()
            case Lost(reason=reason):
                if self._connected or not self._snapshots:
                    yield Away(venue=self._venue.name, reason=reason)
                self._connected, self._whole = False, False
            case Message() if self._whole:
                for told in self._hearing.message(event):
                    yield told
            case Message():
                self._held.append(event)
        if _is_in_force(event) or self._is_due():
            async for told in self._made_whole():
                yield told

    def _is_due(self) -> bool:
        pace = self._pace
        waits = pace.away_again if not self._connected else pace.again if self._whole else pace.in_force
        return self._clock.wall() >= self._changed_at + timedelta(seconds=waits)

    async def _made_whole(self) -> AsyncIterator[AccountEvent]:
        """Ask for what may be missing, tell it and what is there now, then what was held back meanwhile."""
        self._changed_at = self._clock.wall()
        try:
            fills = await self._venue.fills(self._fills_from - _OVERLAP * bool(self._snapshots))
            fundings = await self._venue.fundings(self._fundings_from)
            orders, balance = tuple(await self._venue.open_orders()), await self._venue.balance()
        except VenueSilent as silent:
            logger.warning("account_not_to_be_had", venue=self._venue.name, why=str(silent))
            return
        for fill in self._hearing.fills(fills):
            yield fill
        for paid in self._hearing.fundings(fundings):
            yield paid
        self._fills_from = max([self._fills_from, *(fill.at for fill in fills)])
        self._fundings_from = max([self._fundings_from, *(paid.at for paid in fundings)])
        name, again = self._venue.name, self._snapshots > 0 and not self._whole
        yield AccountSnapshot(venue=name, orders=orders, balance=balance, again=again)
        self._snapshots += 1
        self._whole = self._connected
        held, self._held = self._held, []
        for message in held:
            for told in self._hearing.message(message):
                yield told


def _is_in_force(event: Event | None) -> bool:
    """The snapshot of the channel that was subscribed to last: from here on nothing is missed."""
    return isinstance(event, Message) and event.channel == "userFills" and bool(event.data.get("isSnapshot"))
