"""A connection that ends in the very moment in which its reader is asked to end."""

import asyncio
from typing import Any, cast

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosedOK

from strandloom.hyperliquid import line


class Leaving:
    """A far end that says goodbye just as somebody cancels whoever listens."""

    async def recv(self) -> str:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_soon(task.cancel)
        raise ConnectionClosedOK(None, None)


async def _nothing(_: Any) -> None:
    """Neither opened nor heard."""


async def test_a_goodbye_does_not_swallow_the_wish_to_end() -> None:
    connection = cast("ClientConnection", Leaving())
    talk = asyncio.create_task(
        line.converse(connection, _nothing, _nothing, ping_every_s=60.0, silence_s=60.0)
    )
    with pytest.raises(asyncio.CancelledError):
        await talk
