"""A WebSocket server on loopback that does, connection by connection, what a test tells it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

from strandloom.hyperliquid.socket import Socket
from tests.unit.hyperliquid.wall import SleptClock

Scene = Callable[[ServerConnection], Awaitable[None]]


async def heard(peer: ServerConnection) -> Any:
    """The next frame that the client sent."""
    return json.loads(await peer.recv())


async def say(peer: ServerConnection, channel: str, data: Any) -> None:
    """One frame to the client."""
    await peer.send(json.dumps({"channel": channel, "data": data}))


@asynccontextmanager
async def playing(*scenes: Scene, **options: Any) -> AsyncIterator[Socket]:
    """A connected client; each of its connections meets the next scene."""
    waiting = iter(scenes)

    async def play(peer: ServerConnection) -> None:
        await next(waiting)(peer)

    async with serve(play, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        socket = Socket(f"ws://127.0.0.1:{port}/ws", SleptClock(), Random(1), **options)
        async with socket.running():
            yield socket


async def idle(peer: ServerConnection) -> None:
    """Say nothing, and stay."""
    await peer.wait_closed()
