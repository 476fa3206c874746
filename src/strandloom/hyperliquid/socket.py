"""The venue over WebSocket: one connection that stays, or says that it was lost and comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from strandloom.basics.clock import Clock
from strandloom.hyperliquid import line
from strandloom.hyperliquid.backoff import Backoff
from strandloom.hyperliquid.errors import SubscriptionRefused
from strandloom.hyperliquid.posts import Posts

_STEADY_S: Final = 30.0  # a connection that lived this long was a good one: the backoff starts anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Connected and subscribed; after the first time, whatever happened in between was missed."""

    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The connection is gone and will be made again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a channel."""

    channel: str
    data: Any


Event = Opened | Lost | Message


class Socket:
    """`async with socket.running():` keeps it connected; `async for event in socket.events():` reads it."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        rng: Random,
        *,
        ping_every_s: float = 20.0,
        silence_s: float = 45.0,
        open_timeout_s: float = 10.0,
        waiting_events: int = 100_000,
    ) -> None:
        self.url = url
        self._clock = clock
        self._backoff = Backoff(rng)
        self._ping_every_s = ping_every_s
        self._silence_s = silence_s
        self._open_timeout_s = open_timeout_s
        self._subscriptions: dict[str, Mapping[str, Any]] = {}
        self._connection: ClientConnection | None = None
        self._events: asyncio.Queue[Event | SubscriptionRefused] = asyncio.Queue(waiting_events)
        self._opened = 0
        self.posts = Posts(self._send)

    # -- what callers do -------------------------------------------------------------------------

    async def subscribe(self, subscription: Mapping[str, Any]) -> None:
        """Ask for a channel now, and again after every reconnect."""
        key = _key(subscription)
        if key not in self._subscriptions:
            self._subscriptions[key] = dict(subscription)
            await self._send_if_open({"method": "subscribe", "subscription": dict(subscription)})

    async def unsubscribe(self, subscription: Mapping[str, Any]) -> None:
        """Stop a channel, for good."""
        if self._subscriptions.pop(_key(subscription), None) is not None:
            await self._send_if_open({"method": "unsubscribe", "subscription": dict(subscription)})

    async def events(self) -> AsyncIterator[Event]:
        """Everything that arrives, in order.  An error frame is raised; iterating may go on after it."""
        while True:
            yield await self.next()

    async def next(self) -> Event:
        """What arrives next; an error frame is raised."""
        event = await self._events.get()
        if isinstance(event, SubscriptionRefused):
            raise event
        return event

    @property
    def is_open(self) -> bool:
        """Connected at this moment, as far as this side can tell."""
        return self._connection is not None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Socket"]:
        """Keep the connection for the length of the block."""
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self.run())
            try:
                yield self
            finally:
                task.cancel()

    async def run(self) -> None:
        """Connect, listen, and connect again, until cancelled."""
        while True:
            reason = await self._one_connection()
            self.posts.fail_all(reason)
            await self._events.put(Lost(reason=reason))
            await self._clock.sleep(self._backoff.next_s())

    # -- one connection after another ------------------------------------------------------------

    async def _one_connection(self) -> str:
        try:
            connection = await line.dial(self.url, self._open_timeout_s)
        except line.NotConnected as error:
            return str(error)
        began = asyncio.get_running_loop().time()
        try:
            return await line.converse(
                connection,
                self._open,
                self._hear,
                ping_every_s=self._ping_every_s,
                silence_s=self._silence_s,
            )
        finally:
            self._connection = None
            connection.transport.abort()  # a half-open peer would not answer a polite goodbye
            if asyncio.get_running_loop().time() - began > _STEADY_S:
                self._backoff.reset()

    async def _open(self, connection: ClientConnection) -> None:
        known = list(self._subscriptions.values())
        self._connection = connection  # whatever is subscribed to from here on is sent by its caller
        for subscription in known:
            await connection.send(json.dumps({"method": "subscribe", "subscription": subscription}))
        self._opened += 1
        await self._events.put(Opened(again=self._opened > 1))

    async def _hear(self, text: str | bytes) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return  # the venue greets some clients in plain words
        match frame:
            case {"channel": "pong" | "subscriptionResponse"}:
                pass
            case {"channel": "post", "data": {"id": int(number), "response": response}}:
                self.posts.answer(number, response)
            case {"channel": "error", "data": reason}:
                await self._events.put(SubscriptionRefused(str(reason)))
            case {"channel": str(channel), "data": data}:
                await self._events.put(Message(channel=channel, data=data))

    async def _send(self, frame: Mapping[str, Any]) -> bool:
        if (connection := self._connection) is None:
            return False
        await connection.send(json.dumps(frame))
        return True

    async def _send_if_open(self, frame: Mapping[str, Any]) -> None:
        with suppress(ConnectionClosed):
            await self._send(frame)


def _key(subscription: Mapping[str, Any]) -> str:
    return json.dumps(subscription, sort_keys=True)
