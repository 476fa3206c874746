"""One connection of the WebSocket, from dialling to the reason why it ended."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from strandloom.basics import cancelled
from strandloom.hyperliquid.urls import is_loopback

_PING: Final = json.dumps({"method": "ping"})


class NotConnected(Exception):
    """Dialling failed; the text says how."""


async def dial(url: str, within_s: float) -> ClientConnection:
    """Connect, or raise NotConnected."""
    try:
        async with asyncio.timeout(within_s):
            return await connect(
                url,
                ping_interval=None,  # the venue has a ping of its own
                max_size=None,
                close_timeout=1,
                proxy=None if is_loopback(url) else True,
            )
    except (OSError, InvalidHandshake, TimeoutError) as error:
        raise NotConnected(f"could not connect: {type(error).__name__} {error}".strip()) from error


async def converse(
    connection: ClientConnection,
    opening: Callable[[ClientConnection], Awaitable[None]],
    hear: Callable[[str | bytes], Awaitable[None]],
    *,
    ping_every_s: float,
    silence_s: float,
) -> str:
    """Open, then hear everything until the far end closes or says nothing for too long; why it ended."""
    reason = "closed"
    try:
        async with asyncio.TaskGroup() as group:
            pinging = group.create_task(_ping(connection, ping_every_s))
            try:
                await opening(connection)
                while True:
                    async with asyncio.timeout(silence_s):
                        text = await connection.recv()
                    await hear(text)
            finally:
                pinging.cancel()
    except* TimeoutError:
        reason = f"silent for {silence_s:g} s"
    except* ConnectionClosed as errors:
        reason = f"closed: {errors.exceptions[0]}"
    cancelled.pass_on()
    return reason


async def _ping(connection: ClientConnection, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        with suppress(ConnectionClosed):
            await connection.send(_PING)
