"""Finds out whether a pooler stands in between that lends a connection per transaction."""

from collections.abc import Awaitable, Callable

from strandloom.store.session import Connection

_TRIES = 3
_PID = "select pg_backend_pid()"


async def lends_per_transaction(connect: Callable[[], Awaitable[Connection]]) -> bool:
    """True when two connections that are both open reach the same server process, or one reaches two."""
    first, second = await connect(), await connect()
    try:
        for _ in range(_TRIES):
            alone = await first.fetchval(_PID)
            async with second.transaction():
                if await second.fetchval(_PID) == alone:
                    return True
                if await first.fetchval(_PID) != alone:
                    return True
        return False
    finally:
        await first.close()
        await second.close()
