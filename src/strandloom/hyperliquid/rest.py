"""The venue over HTTP: questions to /info, signed actions to /exchange, failures named by what follows."""

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

import httpx

from strandloom.hyperliquid import weights
from strandloom.hyperliquid.address_budget import CUMULATIVE_LIMIT
from strandloom.hyperliquid.budget import WeightBudget
from strandloom.hyperliquid.errors import (
    MalformedAnswer,
    MalformedRequest,
    OutcomeUnknown,
    RateLimited,
    VenueDown,
    VenueRefused,
)
from strandloom.hyperliquid.urls import is_loopback

RETRY_AFTER_429_S: Final = 10.0
_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class Rest:
    """One connection pool to one venue; use it as `async with Rest(...) as rest`."""

    def __init__(
        self,
        base_url: str,
        budget: WeightBudget,
        *,
        timeout_s: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._budget = budget
        self._http = httpx.AsyncClient(
            base_url=self.base_url,
            timeout=timeout_s,
            transport=transport,
            trust_env=not is_loopback(base_url),
        )

    async def info(self, kind: str, **fields: Any) -> Any:
        """Ask for data; safe to repeat."""
        await self._budget.take(weights.info_weight(kind))
        try:
            response = await self._http.post("/info", json={"type": kind, **fields})
        except httpx.TransportError as error:
            raise VenueDown(f"no answer to {kind}: {_named(error)}") from error
        self._raise_for(response, VenueDown)
        answer = _json(response)
        if isinstance(answer, list):
            self._budget.charge(weights.rows_weight(kind, len(answer)))
        return answer

    async def exchange(self, signed: Mapping[str, Any]) -> dict[str, Any]:
        """Send a signed action once; returns the venue's `response` object.

        Errors of single orders are inside it, in `data.statuses`.
        """
        await self._budget.take(weights.action_weight(signed["action"]), for_order=True)
        try:
            response = await self._http.post("/exchange", json=dict(signed))
        except _NEVER_SENT as error:
            raise VenueDown(f"the action was never sent: {_named(error)}") from error
        except httpx.TransportError as error:
            raise OutcomeUnknown(f"sent, but no answer: {_named(error)}") from error
        self._raise_for(response, OutcomeUnknown)
        return accepted(_json(response))

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _raise_for(self, response: httpx.Response, on_5xx: type[VenueDown] | type[OutcomeUnknown]) -> None:
        status = response.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS:
            self._budget.close_for(RETRY_AFTER_429_S)
            raise RateLimited("the venue answered 429", RETRY_AFTER_429_S)
        if status >= 500:
            raise on_5xx(f"the venue answered {status}")
        if status >= 400:
            raise MalformedRequest(status, response.text[:200])


def accepted(answer: Any) -> dict[str, Any]:
    """The `response` of an action that the venue took; raises what its refusal means."""
    match answer:
        case {"status": "ok", "response": dict(response)}:
            return response
        case {"status": "err", "response": str(reason)} if reason.startswith(CUMULATIVE_LIMIT):
            raise RateLimited(reason, RETRY_AFTER_429_S)
        case {"status": "err", "response": reason}:
            raise VenueRefused(str(reason))
    raise MalformedAnswer(f"an action was answered with {str(answer)[:200]!r}")


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except json.JSONDecodeError:
        raise MalformedAnswer(f"the venue answered {response.text[:200]!r}, which is not JSON") from None


def _named(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()
