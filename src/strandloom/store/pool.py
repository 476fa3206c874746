"""The connections of one process: lent out alive, asked for patiently, never waited for without end."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

import asyncpg

from strandloom.basics.clock import Clock
from strandloom.basics.errors import CannotStart, Retryable
from strandloom.store.address import Address
from strandloom.store.backoff import delays_s
from strandloom.store.failures import Busy, ConnectionLost, OutOfRoom, TooSlow, translated
from strandloom.store.limits import Limits
from strandloom.store.opening import Manner

_RESTED_S = 0.05
Lent: TypeAlias = Any  # asyncpg lends a proxy that has a connection's methods but not its type


class _Watched(asyncpg.Connection):
    """A connection that knows since when it rests."""

    idle_since_s = 0.0


class Pool:
    """Lends connections; `revive` starts the server again when it is ours and has died."""

    def __init__(
        self,
        address: Address,
        *,
        limits: Limits,
        manner: Manner,
        revive: Callable[[], None] | None,
        clock: Clock,
        rng: Random,
    ) -> None:
        self._address = address
        self._limits = limits
        self._revive = revive
        self._clock = clock
        self._rng = rng
        self._pool = asyncpg.create_pool(
            address.url,
            min_size=0,
            max_size=limits.connections,
            connection_class=_Watched,
            init=manner.prepare,
            reset=_rest,
            **manner.how(),
        )

    async def open(self) -> None:
        """Be ready; connections are opened when they are first needed."""
        await self._pool

    async def close(self) -> None:
        """Wait shortly for what is lent, then cut it off."""
        try:
            async with asyncio.timeout(self._limits.connect_s):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    async def lend(self) -> Lent:
        """A living connection; a lost server is called again until patience runs out."""
        pauses_s = delays_s(self._rng)
        deadline_s = _now_s() + self._limits.patience_s
        while True:
            try:
                return await self._lend_living()
            except (ConnectionLost, OutOfRoom) as error:
                trouble: Retryable = await self._helped() or error
            if _now_s() > deadline_s:
                raise trouble
            await self._clock.sleep(next(pauses_s))

    async def take_back(self, connection: Lent) -> None:
        """Give a connection back, whatever state it is in."""
        await self._pool.release(connection)

    async def _lend_living(self) -> Lent:
        while True:
            connection = await self._lend_any()
            if _now_s() - connection.idle_since_s > _RESTED_S:
                await asyncio.sleep(0)  # what the server said while it rested is heard now:
                await asyncio.sleep(0)  # one round to notice it, one to act on it
            if not _gone(connection):
                return connection
            await self._pool.release(connection)

    async def _lend_any(self) -> Lent:
        try:
            with translated("connecting"):
                return await self._pool.acquire(timeout=self._limits.free_connection_s)
        except TooSlow:
            if self._pool.get_size() < self._limits.connections:
                raise ConnectionLost(
                    f"the database at {self._address.masked} did not answer in time"
                ) from None
            raise Busy(
                f"all {self._limits.connections} database connections were busy for "
                f"{self._limits.free_connection_s:g} s: look for a transaction that is held too long, "
                "or raise DATABASE_CONNECTIONS"
            ) from None

    async def _helped(self) -> Retryable | None:
        """Start our own server again if it died; gives the reason why that cannot be."""
        if self._revive is not None:
            try:
                await asyncio.to_thread(self._revive)
            except CannotStart as error:
                return ConnectionLost(str(error))
        return None


def _now_s() -> float:
    return asyncio.get_running_loop().time()


def _gone(connection: Lent) -> bool:
    """Closed, or taken back by the pool itself, which does that when the server ends a connection."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


async def _rest(connection: Lent) -> None:
    """Nothing to reset on a returned connection: sessions leave nothing, and asking costs a round trip."""
    connection.idle_since_s = _now_s()
