"""The Supabase board: the same SQL functions over HTTPS, for machines that cannot open a database port.

There is no LISTEN over HTTP, so its waker polls.
"""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any, cast

import httpx
from postgrest.exceptions import APIError
from pydantic_core import to_jsonable_python
from supabase import AsyncClient, AsyncClientOptions, AsyncSupabaseException, acreate_client

from strandloom.basics.clock import Clock
from strandloom.basics.errors import CannotStart, StrandloomError
from strandloom.blackboard.functions import CODES, Row, meaning
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.store import queries
from strandloom.store.backoff import delays_s
from strandloom.store.failures import Conflict, ConnectionLost, TooSlow

_CONFLICTS = ("40001", "40P01", "55P03")
_CANCELLED = "57014"
_AWAY = ("PGRST000", "PGRST001", "PGRST002", "PGRST003", "57P01", "57P03", "53300", "502", "503", "504")


class SupabaseFunctions:
    """Each function is the RPC `ad_<name>`; what may be sent twice is sent again while nobody answers."""

    def __init__(self, client: AsyncClient, clock: Clock, rng: Random, *, patience_s: float = 30.0) -> None:
        self._client = client
        self._clock = clock
        self._rng = rng
        self._patience_s = patience_s
        self._queries = queries.load()

    async def rows(self, name: str, /, **arguments: Any) -> Sequence[Row]:
        return cast("Sequence[Row]", await self.value(name, **arguments))

    async def value(self, name: str, /, **arguments: Any) -> Any:
        repeatable = self._queries[f"board.{name}"].repeatable
        given = to_jsonable_python(arguments)
        pauses_s = delays_s(self._rng)
        deadline = asyncio.get_running_loop().time() + self._patience_s
        while True:
            try:
                return await self._call(name, given)
            except ConnectionLost:
                if not repeatable or asyncio.get_running_loop().time() > deadline:
                    raise
            await self._clock.sleep(next(pauses_s))

    async def _call(self, name: str, given: dict[str, Any]) -> Any:
        try:
            return (await self._client.rpc(f"ad_{name}", given).execute()).data
        except APIError as error:
            raise _translated(name, error) from error
        except httpx.TransportError as error:
            raise ConnectionLost(f"Supabase did not answer {name}: {error!r}") from error


async def supabase_board(
    url: str, key: str, clock: Clock, *, http: httpx.AsyncClient | None = None, rng: Random | None = None
) -> SqlBoard:
    """The board behind this project's address, with its service key."""
    options = AsyncClientOptions(httpx_client=http) if http else AsyncClientOptions()
    try:
        client = await acreate_client(url, key, options)
    except AsyncSupabaseException as error:
        raise CannotStart(f"SUPABASE_URL or SUPABASE_SERVICE_KEY is malformed: {error}") from error
    rng = rng or Random()  # noqa: S311 - jitter, not secrets
    return SqlBoard(SupabaseFunctions(client, clock, rng), clock, rng)


def _translated(name: str, error: APIError) -> BaseException:
    code, said = str(error.code), error.message or ""
    if code in CODES:
        return meaning(code, said, str(error.details or ""))
    known: type[StrandloomError] | None = None
    if code in _CONFLICTS:
        known = Conflict
    elif code == _CANCELLED:
        known = TooSlow
    elif code in _AWAY:
        known = ConnectionLost
    return known(f"Supabase answered {name} with {code}: {said}") if known else error
