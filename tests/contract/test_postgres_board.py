"""The PostgreSQL board keeps the contract, on every PostgreSQL we support and behind a pooler."""

from collections.abc import AsyncIterator

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.store.database import Database
from tests.contract.board_contract import BoardContract
from tests.contract.emptied import emptied
from tests.servers.park import KINDS, Park


class TestPostgresBoard(BoardContract):
    @pytest.fixture(params=KINDS)
    async def board(self, park: Park, request: pytest.FixtureRequest) -> AsyncIterator[SqlBoard]:
        database = await Database.open(await emptied(park, request.param))
        yield postgres_board(database, SystemClock())
        await database.close()
