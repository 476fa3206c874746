"""Named queries on one connection, inside a transaction or not."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import asyncpg

from strandloom.store.failures import translated
from strandloom.store.queries import Queries

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Session:
    """One connection, held for a while; `connection` is there for COPY and the like."""

    def __init__(self, connection: Connection, queries: Queries) -> None:
        self.connection = connection
        self._queries = queries

    async def fetch(self, name: str, *args: object) -> list[asyncpg.Record]:
        """All rows."""
        with translated(name):
            return await self.connection.fetch(self._queries[name].sql, *args)

    async def fetchrow(self, name: str, *args: object) -> asyncpg.Record | None:
        """The first row, or None."""
        with translated(name):
            return await self.connection.fetchrow(self._queries[name].sql, *args)

    async def fetchval(self, name: str, *args: object, timeout_s: float | None = None) -> Any:
        """The first column of the first row, or None."""
        with translated(name):
            return await self.connection.fetchval(self._queries[name].sql, *args, timeout=timeout_s)

    async def execute(self, name: str, *args: object) -> str:
        """Run it and return the command tag, such as `UPDATE 3`."""
        with translated(name):
            return await self.connection.execute(self._queries[name].sql, *args)

    async def executemany(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        """Run it for every row, all or nothing."""
        with translated(name):
            await self.connection.executemany(self._queries[name].sql, rows)
