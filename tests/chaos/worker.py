"""One process of the network that is being killed: the runner over the PostgreSQL board, and nothing else."""

import asyncio
import sys

from loguru import logger

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart
from strandloom.blackboard.desk import desks, no_market
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.runner import Runner
from strandloom.blackboard.waking import Waking
from strandloom.store.database import Database
from tests.chaos.play import PLAYS


def work(url: str, play: str, holder: str, dead_holder: str | None) -> None:
    """Serve until killed.  An heir first frees what its predecessor held."""
    logger.remove()
    logger.add(sys.stderr, level="ERROR")  # that the database goes away is what a storm is
    try:
        asyncio.run(_work(url, play, holder, dead_holder))
    except CannotStart:
        sys.exit(3)  # the server is away just now: an heir will try again


async def _work(url: str, play: str, holder: str, dead_holder: str | None) -> None:
    clock = SystemClock()
    database = await Database.open(url)
    board = postgres_board(database, clock)
    if dead_holder is not None:
        await board.free(dead_holder)
    waking = Waking(database, board.floors, clock)
    runner = Runner(PLAYS[play]().seats, board, desks(board, no_market), waking, clock, holder=holder)
    async with asyncio.TaskGroup() as group:
        group.create_task(waking.run())
        group.create_task(runner.run())
