"""Requests over the WebSocket: numbered, answered in any order, and never left hanging."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from websockets.exceptions import ConnectionClosed

from strandloom.hyperliquid.errors import (
    MalformedAnswer,
    OutcomeUnknown,
    RateLimited,
    VenueDown,
    VenueRefused,
)

IN_FLIGHT: Final = 100  # the venue takes no more at a time from one address
Send = Callable[[Mapping[str, Any]], Awaitable[bool]]


class Posts:
    """The requests in flight of one socket."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._next = 0
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._room = asyncio.Semaphore(IN_FLIGHT)

    async def info(self, request: Mapping[str, Any], timeout_s: float = 10.0) -> Any:
        """Ask for data; safe to repeat."""
        try:
            answer = await self._ask("info", request, timeout_s)
        except OutcomeUnknown as error:
            raise VenueDown(str(error)) from error
        return answer["data"] if isinstance(answer, dict) and "data" in answer else answer

    async def action(self, signed: Mapping[str, Any], timeout_s: float = 10.0) -> Any:
        """Send a signed action once; the answer is what /exchange would have said."""
        return await self._ask("action", signed, timeout_s)

    async def _ask(self, kind: str, payload: Mapping[str, Any], timeout_s: float) -> Any:
        async with self._room:
            return await self._asked(kind, payload, timeout_s)

    async def _asked(self, kind: str, payload: Mapping[str, Any], timeout_s: float) -> Any:
        self._next += 1
        number = self._next
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            request = {"method": "post", "id": number, "request": {"type": kind, "payload": dict(payload)}}
            if not await self._send(request):
                raise VenueDown("the WebSocket is not connected; nothing was sent")
            async with asyncio.timeout(timeout_s):
                return _told(await future)
        except (ConnectionClosed, TimeoutError) as error:
            raise OutcomeUnknown(f"sent, but no answer: {type(error).__name__}") from error
        finally:
            del self._waiting[number]

    def answer(self, number: int, response: Any) -> None:
        """The venue answered request `number`; an answer that nobody waits for any more is dropped."""
        future = self._waiting.get(number)
        if future is not None and not future.done():
            future.set_result(response)

    def fail_all(self, reason: str) -> None:
        """The connection is gone: what was in flight may or may not have arrived."""
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(OutcomeUnknown(f"sent, but the connection was lost: {reason}"))


def _told(response: Any) -> Any:
    match response:
        case {"type": "error", "payload": str(reason)} if reason.startswith("429"):
            raise RateLimited(reason, 10.0)
        case {"type": "error", "payload": reason}:
            raise VenueRefused(str(reason))
        case {"type": "info" | "action", "payload": payload}:
            return payload
    raise MalformedAnswer(f"a post was answered with {str(response)[:200]!r}")
