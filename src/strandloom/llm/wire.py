"""One call to an OpenAI-compatible endpoint: bounded in time and size, and every failure has a name."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx2
import openai

from strandloom.llm.faults import WireFault
from strandloom.llm.hearing import Heard, heard
from strandloom.llm.prompts import Message
from strandloom.llm.shapes import Shape

Rung = Literal["json_schema", "json_object", "text"]
RUNGS: tuple[Rung, ...] = ("json_schema", "json_object", "text")
"""How firmly a reply can be held to its schema; an endpoint that does not know one is asked the next."""
OPENAI_HOST = "api.openai.com"
_SENT = frozenset({"host", "connection", "content-type", "content-length", "accept", "accept-encoding"})
_SENT_TOO = frozenset({"user-agent", "authorization", "transfer-encoding", "x-stainless-raw-response"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the model is, and how much of it we bear."""

    base_url: str
    key: str
    model: str
    most_output_tokens: int
    most_reply_bytes: int

    @property
    def host(self) -> str:
        return httpx2.URL(self.base_url).host


class Wire:
    """An open connection to one endpoint."""

    def __init__(self, endpoint: Endpoint, client: openai.AsyncOpenAI) -> None:
        self.endpoint = endpoint
        self._client = client

    async def call(
        self, messages: Sequence[Message], shape: Shape[Any], rung: Rung, patience_s: float
    ) -> Heard:
        """The reply as it came, not yet judged; raises WireFault."""
        try:
            async with asyncio.timeout(patience_s):
                raw = await self._client.chat.completions.with_raw_response.create(
                    **self._question(messages, shape, rung)
                )
        except TimeoutError:
            raise WireFault("no reply in time", passing=True) from None
        except openai.OpenAIError as error:
            raise _named(error) from error
        return heard(raw.http_response.content)

    def _question(self, messages: Sequence[Message], shape: Shape[Any], rung: Rung) -> dict[str, Any]:
        newer = self.endpoint.host == OPENAI_HOST
        limit = "max_completion_tokens" if newer else "max_tokens"
        return {
            "model": self.endpoint.model,
            "messages": list(messages),
            limit: self.endpoint.most_output_tokens,
            **_format(shape, rung),
        }


@asynccontextmanager
async def wire(endpoint: Endpoint) -> AsyncIterator[Wire]:
    """Open the client, which retries nothing by itself: each try is ours to pay for and to write down."""
    hooks: Mapping[str, Any] = {
        "request": [_only_what_is_needed],
        "response": [_bounded(endpoint.most_reply_bytes)],
    }
    async with httpx2.AsyncClient(event_hooks=hooks, headers={"accept-encoding": "identity"}) as http:
        client = openai.AsyncOpenAI(
            api_key=endpoint.key or "none", base_url=endpoint.base_url, max_retries=0, http_client=http
        )
        yield Wire(endpoint, client)


def _format(shape: Shape[Any], rung: Rung) -> dict[str, Any]:
    if rung == "json_schema":
        schema = {"name": shape.name, "strict": True, "schema": dict(shape.schema)}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    return {"response_format": {"type": "json_object"}} if rung == "json_object" else {}


def _named(error: openai.OpenAIError) -> WireFault:
    if isinstance(error.__cause__, WireFault):
        return error.__cause__
    if isinstance(error, openai.APITimeoutError):
        return WireFault("no reply in time", passing=True)
    if isinstance(error, openai.APIStatusError):
        return _refused(error.status_code)
    if isinstance(error, openai.APIConnectionError):
        never_left = isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout)
        return WireFault("the connection failed", free=never_left, passing=True)
    return WireFault(f"the client refused: {type(error).__name__}")


def _refused(status: int) -> WireFault:
    """A status instead of a reply: nothing was written, so nothing is owed."""
    passing = status in (408, 409, 429) or status >= 500
    return WireFault(f"HTTP {status}", free=True, shape=status in (400, 415, 422), passing=passing)


async def _only_what_is_needed(request: httpx2.Request) -> None:
    """Nothing that another program's environment variables, or the client's own telemetry, would add."""
    for name in list(request.headers):
        if name.lower() not in _SENT | _SENT_TOO:
            del request.headers[name]


def _bounded(most: int) -> Any:
    async def hook(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise WireFault("the reply is compressed, which was not asked for")
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - an asynchronous client's is
        response.stream = _Bounded(response.stream, most)

    return hook


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, most: int) -> None:
        self._stream = stream
        self._most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for chunk in self._stream:
            taken += len(chunk)
            if taken > self._most:
                raise WireFault(f"the reply is longer than {self._most} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
