"""A night over a million outcomes in the database, in a fresh process that knows nothing before."""

import asyncio
import json
import sys
import time
from datetime import timedelta
from resource import RUSAGE_SELF, getrusage

from strandloom import roster
from strandloom.basics.clock import SystemClock
from strandloom.bench.learning.made import HORIZON_S, START, SYMBOLS, patterns
from strandloom.blackboard.board import Board
from strandloom.blackboard.cause import Cause, delivered
from strandloom.blackboard.desk import desks, no_market
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Draft
from strandloom.indicators.calendar import SESSIONS
from strandloom.indicators.regime import REGIMES
from strandloom.kinds.job import Job
from strandloom.learning.evidence import restore
from strandloom.learning.scores import KeyScorer
from strandloom.store.database import Database

OUTCOMES, CHUNK = 1_000_000, 50_000
PROGRAM = "import sys; from strandloom.bench.learning import night; night.main(sys.argv[1])"
MINUTES = 200 * 1_440  # over which they opened


async def night_s_mb(database: Database) -> tuple[float, float]:
    """Seconds and peak memory of a process that reads all outcomes, scores all keys and writes them back."""
    names, timeframes = zip(*patterns(), strict=True)
    lists = list(names), list(timeframes), list(SYMBOLS), list(REGIMES), list(SESSIONS)
    for first in range(0, OUTCOMES, CHUNK):
        await database.execute("bench_learning.fill", CHUNK, *lists, START, MINUTES, HORIZON_S, first)
    await database.execute("bench_learning.settle_dust")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, database.url, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    measured = json.loads(told)
    if measured["outcomes"] < OUTCOMES:
        raise RuntimeError(f"only {measured['outcomes']} outcomes were read")
    return measured["s"], measured["mb"]


async def night(url: str) -> dict[str, float]:
    """The same as a service does that starts and is then told that it is night."""
    start = time.perf_counter()
    database = await Database.open(url)
    try:
        board = postgres_board(database, SystemClock())
        book = roster.book()
        taken = await restore(book, board)
        await _job(board, KeyScorer(book))
    finally:
        await database.close()
    peak_mb = getrusage(RUSAGE_SELF).ru_maxrss / 1_024
    return {"s": time.perf_counter() - start, "mb": peak_mb, "outcomes": taken}


async def _job(board: Board, scorer: KeyScorer) -> None:
    at = START + timedelta(minutes=MINUTES + 2_880)
    draft = Draft(body=Job(job="nightly", slot=at), tags=("system:job:nightly",))
    (name,) = await board.post([draft], Cause(module="jobs.timetable", at=at, key="night"))
    strand = await board.get(name)
    assert strand is not None  # noqa: S101 - it was just posted
    said = await scorer.handle(strand, desks(board, no_market)(strand))
    await board.post(said.drafts, delivered(strand, scorer.name), said.writes)


def main(url: str) -> None:
    """The whole process."""
    sys.stdout.write(json.dumps(asyncio.run(night(url))))
