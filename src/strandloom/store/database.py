"""The database as every room sees it: named queries and transactions over one pool."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any, Literal, TypeVar

import asyncpg

from strandloom.basics.clock import Clock, SystemClock
from strandloom.basics.errors import NotYet
from strandloom.store import opening, pooler
from strandloom.store.address import Address
from strandloom.store.backoff import delays_s
from strandloom.store.embedded import EmbeddedPostgres
from strandloom.store.failures import LOST, ConnectionLost, translated
from strandloom.store.limits import Limits
from strandloom.store.opening import Manner
from strandloom.store.pool import Pool
from strandloom.store.queries import Queries, load
from strandloom.store.session import Connection, Session

T = TypeVar("T")
Isolation = Literal["read_committed", "repeatable_read", "serializable"]


class Database:
    """One PostgreSQL, embedded or by address.  Open it with `Database.open`, close it once."""

    def __init__(
        self,
        *,
        address: Address,
        limits: Limits,
        pooled: bool,
        name: str,
        server: EmbeddedPostgres | None,
        queries: Queries,
        clock: Clock,
        rng: Random,
    ) -> None:
        self.pooled = pooled
        """Whether a transaction pooler stands in between: no LISTEN, no COPY, nothing kept per connection."""
        self.server = server
        """The embedded server, when it is ours."""
        self._address = address
        self._limits = limits
        self._clock = clock
        self._rng = rng
        self._queries = queries
        self._manner = Manner(limits=limits, name=name, pooled=pooled)
        revive = server.revive if server is not None else None
        self._pool = Pool(address, limits=limits, manner=self._manner, revive=revive, clock=clock, rng=rng)

    @classmethod
    async def open(
        cls,
        url: str | None = None,
        *,
        data_dir: Path | None = None,
        limits: Limits | None = None,
        name: str = "strandloom",
        queries: Queries | None = None,
        clock: Clock | None = None,
        rng: Random | None = None,
    ) -> "Database":
        """Open the database at `url`, or without one the embedded server in `data_dir`."""
        limits = limits or Limits()
        server = await _embedded(data_dir) if url is None else None
        try:
            address = Address.parse(url or (server.url() if server else ""))
            database = cls(
                address=address,
                limits=limits,
                pooled=server is None and await _is_pooled(address, limits, name),
                name=name,
                server=server,
                queries=queries or load(),
                clock=clock or SystemClock(),
                rng=rng or Random(),  # noqa: S311 - jitter, not secrets
            )
            await database._pool.open()
        except BaseException:
            if server is not None:
                await asyncio.to_thread(server.stop)
            raise
        return database

    @property
    def url(self) -> str:
        """The address for other processes, with its password."""
        return self._address.url

    @property
    def shown(self) -> str:
        """The address for people and logs, without its password."""
        return self._address.masked

    async def close(self) -> None:
        """Give the connections back; the last user of the embedded server stops it."""
        try:
            await self._pool.close()
        finally:
            if self.server is not None:
                await asyncio.to_thread(self.server.stop)

    async def fetch(self, name: str, *args: object) -> list[asyncpg.Record]:
        """All rows."""
        return await self._once_or_again(name, lambda session: session.fetch(name, *args))

    async def fetchrow(self, name: str, *args: object) -> asyncpg.Record | None:
        """The first row, or None."""
        return await self._once_or_again(name, lambda session: session.fetchrow(name, *args))

    async def fetchval(self, name: str, *args: object) -> Any:
        """The first column of the first row, or None."""
        return await self._once_or_again(name, lambda session: session.fetchval(name, *args))

    async def execute(self, name: str, *args: object) -> str:
        """Run it and return the command tag, such as `UPDATE 3`."""
        return await self._once_or_again(name, lambda session: session.execute(name, *args))

    async def executemany(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        """Run it for every row, all or nothing."""
        listed = list(rows)
        await self._once_or_again(name, lambda session: session.executemany(name, listed))

    @contextlib.asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """One connection for several statements, each its own transaction."""
        connection = await self._pool.lend()
        try:
            yield Session(connection, self._queries)
        finally:
            await self._pool.take_back(connection)

    @contextlib.asynccontextmanager
    async def transaction(
        self, *, isolation: Isolation = "read_committed", readonly: bool = False
    ) -> AsyncIterator[Session]:
        """All or nothing: committed at the end of the block, rolled back when it raises."""
        async with self.session() as session:
            transaction = session.connection.transaction(isolation=isolation, readonly=readonly)
            with translated("begin"):
                await transaction.start()
                if self.pooled:
                    await session.connection.execute(self._limits.as_sql("local"))
            try:
                yield session
            except BaseException:
                with contextlib.suppress(*LOST, asyncpg.InterfaceError):  # then the server rolls back
                    await transaction.rollback()
                raise
            with translated("commit"):
                await transaction.commit()

    @contextlib.asynccontextmanager
    async def dedicated(self) -> AsyncIterator[Connection]:
        """A connection outside the pool, for LISTEN or for settings of its own."""
        with translated("connecting"):
            connection = await asyncpg.connect(self.url, **self._manner.how())
            await self._manner.prepare(connection)
        try:
            yield connection
        finally:
            with contextlib.suppress(*LOST, asyncpg.InterfaceError, TimeoutError):
                await connection.close(timeout=self._limits.connect_s)

    async def _once_or_again(self, name: str, call: Callable[[Session], Awaitable[T]]) -> T:
        """Only a repeatable query is sent twice: nobody knows whether a write arrived."""
        repeatable = self._queries[name].repeatable
        pauses_s = delays_s(self._rng)
        deadline = asyncio.get_running_loop().time() + self._limits.patience_s
        while True:
            try:
                async with self.session() as session:
                    return await call(session)
            except ConnectionLost:
                if not repeatable or asyncio.get_running_loop().time() > deadline:
                    raise
            await self._clock.sleep(next(pauses_s))


async def _embedded(data_dir: Path | None) -> EmbeddedPostgres:
    if data_dir is None:
        raise ValueError("without an address the database needs a data folder")
    server = EmbeddedPostgres(data_dir)
    await asyncio.to_thread(server.start)
    return server


async def _is_pooled(address: Address, limits: Limits, name: str) -> bool:
    """Try the address, and find out what stands behind it."""
    plain = Manner(limits=limits, name=name, pooled=True).how()
    try:
        with translated("opening"):
            connection = await opening.first(address, **plain)
            await connection.close()
            if address.says_transaction_pooler:
                return True
            return await pooler.lends_per_transaction(lambda: opening.first(address, **plain))
    except ConnectionLost as error:
        raise NotYet(f"the database at {address.masked} went away while it was opened") from error
