"""The memory board and the PostgreSQL board answer any sequence of calls alike."""

import asyncio
from datetime import UTC, datetime

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.memory_board import memory_board
from strandloom.blackboard.postgres import postgres_board
from strandloom.store.database import Database
from tests.contract.emptied import emptied
from tests.property.board_machine import BoardsAgree
from tests.servers.park import Park


def test_memory_and_postgres_agree(park: Park) -> None:
    with asyncio.Runner() as runner:
        database = runner.run(_opened(park))

        class MemoryAndPostgres(BoardsAgree):
            def __init__(self) -> None:
                runner.run(emptied(park, "embedded 18"))
                self.runner = runner
                self.one = memory_board(lambda: datetime.now(UTC), strict=True)
                self.two = postgres_board(database, SystemClock())
                super().__init__()

        run_state_machine_as_test(MemoryAndPostgres, settings=_fewer())
        runner.run(database.close())


def _fewer() -> settings:
    """Every step is a round trip to PostgreSQL, so a quarter of the profile's lives, each of forty calls."""
    return settings(stateful_step_count=40, max_examples=settings().max_examples // 4)


async def _opened(park: Park) -> Database:
    return await Database.open(await emptied(park, "embedded 18"))
