"""Two processes run the same module on one board: each delivery goes to one of them, keys stay in order."""

import asyncio
import multiprocessing
import os
from collections import defaultdict
from pathlib import Path

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.desk import Desk, desks, no_market
from strandloom.blackboard.module import Seat
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.runner import Runner, subscription
from strandloom.blackboard.strand import NOTHING, Said, Strand
from strandloom.blackboard.waking import Waking
from strandloom.store.database import Database
from tests.builders import a_pulse, from_feed

STRANDS, SYMBOLS = 240, 8
_CONTEXT = multiprocessing.get_context("forkserver")


class Witness:
    """Writes down when it begins and ends with a strand; lines of both processes go to one file."""

    name = "raw_data.witness"
    reads = ("market:*",)

    def __init__(self, book: Path) -> None:
        self._book = os.open(book, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        self._note(strand, "begin")
        for _ in range(3):
            await asyncio.sleep(0)  # let others run in between
        self._note(strand, "end")
        return NOTHING

    def _note(self, strand: Strand, what: str) -> None:
        os.write(self._book, f"{strand.symbol} {strand.seq} {what} {os.getpid()}\n".encode())


def _seat(book: Path) -> Seat:
    return Seat(module=Witness(book), order="symbol", at_once=4)


def _serve(url: str, book: Path, ready: "multiprocessing.synchronize.Event") -> None:
    asyncio.run(_run(url, book, ready))


async def _run(url: str, book: Path, ready: "multiprocessing.synchronize.Event") -> None:
    clock, database = SystemClock(), await Database.open(url)
    board = postgres_board(database, clock)
    waking = Waking(database, board.floors, clock)
    holder = f"process-{os.getpid()}"
    runner = Runner([_seat(book)], board, desks(board, no_market), waking, clock, holder=holder)
    async with asyncio.TaskGroup() as group:
        group.create_task(waking.run())
        group.create_task(runner.run())
        await waking.proven.wait()
        ready.set()


async def test_two_processes_never_handle_one_delivery_nor_one_key_at_the_same_time(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    book, clock = tmp_path / "book", SystemClock()
    board = postgres_board(database, clock)
    await board.subscribe([subscription(_seat(book))])
    ready = [_CONTEXT.Event() for _ in range(2)]
    processes = [_CONTEXT.Process(target=_serve, args=(database_url, book, each)) for each in ready]
    for process, each in zip(processes, ready, strict=True):
        process.start()
        assert await asyncio.to_thread(each.wait, 60)
    for n in range(STRANDS):
        await board.post([a_pulse(n, symbol=f"S{n % SYMBOLS}")], from_feed(n))
    async with asyncio.timeout(100):
        while (await board.counts())["deliveries"]:
            await clock.sleep(0.05)
    for process in processes:
        process.kill()
        process.join()

    notes = [line.split() for line in book.read_text().splitlines()]
    assert len({pid for *_, pid in notes}) == 2
    by_symbol: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for symbol, seq, what, _ in notes:
        by_symbol[symbol].append((int(seq), what))
    for told in by_symbol.values():
        once_each_in_order = [
            (seq, what) for seq in sorted({s for s, _ in told}) for what in ("begin", "end")
        ]
        assert told == once_each_in_order
    assert sum(map(len, by_symbol.values())) == 2 * STRANDS
