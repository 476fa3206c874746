"""Posting in batches against the physical limit: COPY of the same rows and columns into a bare table."""

import asyncio
import io
import time
from statistics import median

from strandloom.basics.clock import SystemClock
from strandloom.bench.board import load
from strandloom.blackboard.postgres import postgres_board
from strandloom.store.database import Database

_ROWS = 20_000
_BATCH = 500
_POSTERS = 4
_ROUNDS = 5


async def against_copy(database: Database) -> tuple[float, float]:
    """Rows a second of COPY, and posting as a share of it; medians of alternating rounds."""
    raw_rows_per_s, posted_rows_per_s = [], []
    await _post(database)
    encoded = await _encoded(database)
    async with database.session() as session:
        await session.execute("bench_board.make_raw")
    for _ in range(_ROUNDS):
        raw_rows_per_s.append(await _copy(database, encoded))
        posted_rows_per_s.append(await _post(database))
    raw = median(raw_rows_per_s)
    return raw, median(posted_rows_per_s) / raw


async def _post(database: Database) -> float:
    """Rows a second through the board, a few posters at once, one interested consumer."""
    board = postgres_board(database, SystemClock())
    await database.execute("bench_board.empty")
    await board.subscribe([load.READER])
    waiting = list(enumerate(load.batches(_ROWS, _BATCH)))

    async def poster() -> None:
        while waiting:
            key, batch = waiting.pop()
            await board.post(batch, load.cause(key))

    start = time.perf_counter()
    await asyncio.gather(*(poster() for _ in range(_POSTERS)))
    return _ROWS / (time.perf_counter() - start)


async def _copy(database: Database, encoded: bytes) -> float:
    """Rows a second that the database takes at most: already encoded, no index, no checks."""
    await database.execute("bench_board.empty_raw")
    async with database.session() as session:
        start = time.perf_counter()
        await session.connection.copy_to_table("bench_raw", source=io.BytesIO(encoded), format="binary")
        return _ROWS / (time.perf_counter() - start)


async def _encoded(database: Database) -> bytes:
    rows = io.BytesIO()
    async with database.session() as session:
        await session.connection.copy_from_table("ad_strands", output=rows, format="binary")
    return rows.getvalue()
