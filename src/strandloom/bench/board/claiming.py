"""Claiming and settling in batches of a hundred, with little and with much stored."""

import asyncio
import time
from statistics import median

from strandloom.basics.clock import SystemClock
from strandloom.bench.board import load
from strandloom.blackboard.delivery import Settlement
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.blackboard.strand import NOTHING
from strandloom.blackboard.waking import Waking
from strandloom.store.database import Database

_BATCH = 100
_WORKERS = 2  # in one process: one claims while the other settles, as the runner does
_DELIVERIES = 20_000
_PROBE = 2_000
_LITTLE, _MUCH = 10_000, 1_000_000
_CHUNK = 100_000
_ROUNDS = 5
_PROBES = 9


async def claim_settle_per_s(database: Database) -> float:
    """Deliveries a second, claimed and settled by one process; median of a few rounds."""
    board = await _empty_board(database)
    rates = []
    for round_ in range(_ROUNDS):
        await _post(board, _DELIVERIES, f"claims {round_}")
        await database.execute("bench_board.write_out")  # what posting left for the disk is not claiming's
        rates.append(_DELIVERIES / await _drain(board))
    return median(rates)


async def growth(database: Database) -> float:
    """The time per strand to claim and settle with a million stored, against ten thousand."""
    board = await _empty_board(database)
    await _post(board, _LITTLE, "little")
    await _drain(board)
    little = await _probe(database, board, "little")
    for _ in range((_MUCH - _LITTLE) // _CHUNK):
        await database.execute("bench_board.fill", _CHUNK)
    return await _probe(database, board, "much") / little


async def old_snapshot(database: Database) -> tuple[float, float]:
    """Deliveries claimed and settled a second, undisturbed and while a session holds an old snapshot."""
    board = await _empty_board(database)
    waking = Waking(database, board.floors, SystemClock())
    listening = asyncio.create_task(waking.run())
    try:
        await waking.proven.wait()
        quiet = await _rounds(board, "quiet")
        async with database.transaction(isolation="repeatable_read") as old:
            await old.fetchval("board.counts")
            disturbed = await _rounds(board, "disturbed")
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return quiet, disturbed


async def _rounds(board: SqlBoard, key: str) -> float:
    """The rate of the last of a few rounds, when what was settled before has piled up."""
    rate = 0.0
    for round_ in range(_ROUNDS):
        await _post(board, _DELIVERIES, f"{key} {round_}")
        rate = _DELIVERIES / await _drain(board)
    return rate


async def _probe(database: Database, board: SqlBoard, key: str) -> float:
    """Seconds at best: what else the machine does comes and goes, what much data costs stays."""
    await database.execute("bench_board.settle_dust")
    await database.execute("bench_board.write_out")
    took = []
    for round_ in range(_PROBES):
        await _post(board, _PROBE, f"probe {key} {round_}")
        took.append(await _drain(board))
    return min(took)


async def _empty_board(database: Database) -> SqlBoard:
    await database.execute("bench_board.empty")
    board = postgres_board(database, SystemClock())
    await board.subscribe([load.READER])
    return board


async def _post(board: SqlBoard, count: int, key: str) -> None:
    for number, batch in enumerate(load.batches(count, 500)):
        await board.post(batch, load.cause(f"{key}:{number}"))


async def _drain(board: SqlBoard) -> float:
    """Seconds until nothing is left to claim."""
    start = time.perf_counter()
    await asyncio.gather(*(_work(board) for _ in range(_WORKERS)))
    return time.perf_counter() - start


async def _work(board: SqlBoard) -> None:
    while claimed := await board.claim(load.READER.consumer, _BATCH, "bench"):
        await board.complete([Settlement(delivery=delivery, said=NOTHING) for delivery in claimed])
