"""/info and /exchange over HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from strandloom.exchange.server import counter
from strandloom.exchange.server.counter import Refusal
from strandloom.exchange.server.doors import Doors
from strandloom.exchange.server.faults import Place
from strandloom.exchange.server.venue import Venue

MAX_BODY: Final = 1 << 20

Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint(venue: Venue, doors: Doors, where: Place, body_within_s: float) -> Endpoint:
    """The handler of one path, faults included."""
    handle = counter.ask if where == "/info" else counter.act

    async def answer(request: Request) -> Response:
        try:
            body = await _body(request, body_within_s)
            await _struck_before(venue, where)
            if venue.faults.take("refuse", where):
                return _slammed(doors, request)
            found = handle(venue, body, _ip(request))
            await venue.kept()
            if venue.faults.take("drop_reply", where):
                return _slammed(doors, request)
            return _reply(200, json.dumps(found, separators=(",", ":")))
        except Refusal as refusal:
            return _reply(refusal.status, refusal.text)

    return answer


async def _struck_before(venue: Venue, where: Place) -> None:
    if (delay := venue.faults.take("delay", where)) is not None:
        await asyncio.sleep(delay.seconds)
    if (fault := venue.faults.take("status", where)) is not None:
        raise Refusal(fault.status, "null")


async def _body(request: Request, within_s: float) -> Any:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "Expected request with `Content-Type: application/json`")
    try:
        async with asyncio.timeout(within_s):
            raw = await _bytes(request)
    except TimeoutError:
        raise Refusal(408, "Request Timeout") from None
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise Refusal(400, f"Failed to parse the request body as JSON: {error}") from None


async def _bytes(request: Request) -> bytes:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise Refusal(413, "Failed to buffer the request body: length limit exceeded")
    return bytes(raw)


def _ip(request: Request) -> str:
    return request.client.host if request.client else ""


def _slammed(doors: Doors, request: Request) -> Response:
    if request.client:
        doors.slam((request.client.host, request.client.port))
    return Response()  # into the void


def _reply(status: int, text: str) -> Response:
    json_body = status == 200 or text == "null"
    # the rest of a body that nobody will read would be taken for the next request
    headers = {"Connection": "close"} if status in (408, 413) else None
    return Response(text, status, headers, media_type="application/json" if json_body else "text/plain")
