"""A snapshot and a journal as rows of the database: gathered at once, stored before anybody is told."""

import asyncio
from uuid import UUID, uuid4

from strandloom.basics.errors import Halt, Retryable
from strandloom.exchange.keep.tape import Kept
from strandloom.store.database import Database


class Superseded(Retryable):
    """Another process keeps this exchange now; whatever was not stored here never happened."""


class DatabaseTape:
    """Open it, give it to `KeptEngine`, and await `stored` before anybody hears of what was applied.

    Many commands that wait together are stored by one statement.
    """

    def __init__(self, database: Database, name: str, writer: UUID, kept: Kept, number: int) -> None:
        self._database = database
        self._name = name
        self._kept = kept
        self._writer = writer
        self._number = number  # of the last command that was appended
        self._stored = number
        self._waiting: list[bytes] = []
        self._snapshot: tuple[int, bytes] | None = None
        self._storing = asyncio.Lock()

    @classmethod
    async def open(cls, database: Database, name: str) -> "DatabaseTape":
        """Take the exchange `name` over, and read what is kept of it; nothing yet, if it is new."""
        writer = uuid4()
        await database.execute("exchange.open", name, writer)
        found = await database.fetchrow("exchange.snapshot", name)
        number, state = (found["number"], bytes(found["state"])) if found else (0, None)
        rows = await database.fetch("exchange.journal", name, number)
        for place, row in enumerate(rows, number + 1):
            if row["number"] != place:
                raise Halt(
                    f"the journal of exchange {name!r} has no command {place}: its tables were changed"
                )
        return cls(
            database, name, writer, Kept(state, [bytes(row["record"]) for row in rows]), number + len(rows)
        )

    def load(self) -> Kept:
        """What was found when it was opened."""
        return self._kept

    def append(self, record: bytes) -> None:
        """One more command; it is safe when `stored` returns."""
        self._number += 1
        self._waiting.append(record)

    def replace(self, snapshot: bytes) -> None:
        """Everything appended so far is in this snapshot."""
        self._snapshot = self._number, snapshot

    async def stored(self) -> None:
        """Return when all that was appended before this call is in the database."""
        wanted = self._number
        if self._stored >= wanted and self._snapshot is None:
            return
        async with self._storing:
            if self._stored < wanted:
                await self._store()
            if self._snapshot is not None:
                await self._store_snapshot()

    async def _store(self) -> None:
        records = self._waiting[:]
        first = self._stored + 1
        done = await self._database.fetchval("exchange.append", self._name, self._writer, first, records)
        if done != len(records):
            raise Superseded(f"another process has taken over the exchange {self._name!r}")
        del self._waiting[: len(records)]
        self._stored += len(records)

    async def _store_snapshot(self) -> None:
        snapshot = self._snapshot
        if snapshot is None or self._stored < snapshot[0]:
            return
        number, state = snapshot
        async with self._database.transaction() as tx:
            await tx.execute("exchange.replace", self._name, number, state, self._writer)
            await tx.execute("exchange.forget", self._name)
        if self._snapshot is snapshot:
            self._snapshot = None
