"""From posting to the handler, at two hundred strands a second, through the runner and its wake-up calls."""

import asyncio
import time

from strandloom.basics.clock import SystemClock
from strandloom.bench.board import load
from strandloom.blackboard.desk import Desk, desks, no_market
from strandloom.blackboard.module import Seat
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.runner import Runner
from strandloom.blackboard.strand import NOTHING, Said, Strand
from strandloom.blackboard.waking import Waking
from strandloom.store.database import Database

_PER_S = 200
_STRANDS = 4_000
_WARM_UP = 400


class _Stopwatch:
    """A module that notes when a strand reached it."""

    name = load.READER.consumer
    reads = load.READER.patterns

    def __init__(self) -> None:
        self.handled: dict[object, float] = {}
        self.all = asyncio.Event()

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        self.handled[strand.id] = time.perf_counter()
        if len(self.handled) == _STRANDS:
            self.all.set()
        return NOTHING


async def latencies_ms(database: Database) -> list[float]:
    """One wait per strand, in milliseconds."""
    clock = SystemClock()
    board = postgres_board(database, clock)
    await database.execute("bench_board.empty")
    waking, stopwatch = Waking(database, board.floors, clock), _Stopwatch()
    seat = Seat(module=stopwatch, at_once=4)
    runner = Runner([seat], board, desks(board, no_market), waking, clock, holder="bench")
    tasks = [asyncio.create_task(waking.run()), asyncio.create_task(runner.run())]
    posted: dict[object, float] = {}
    started = time.perf_counter()

    async def post(n: int) -> None:
        await asyncio.sleep(started + n / _PER_S - time.perf_counter())
        begun = time.perf_counter()
        (strand,) = await board.post(load.drafts(1, start=n), load.cause(f"latency {n}"))
        posted[strand] = begun

    await waking.proven.wait()
    started = time.perf_counter()
    await asyncio.gather(*(post(n) for n in range(_STRANDS)))
    await stopwatch.all.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    waits = [(stopwatch.handled[strand] - begun) * 1e3 for strand, begun in posted.items()]
    return waits[_WARM_UP:]


def percentile(values: list[float], percent: float) -> float:
    """The value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
