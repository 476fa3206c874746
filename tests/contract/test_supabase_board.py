"""The Supabase board keeps the contract, through a real PostgREST and with the rights of the service key."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.blackboard.supabase import supabase_board
from tests.contract.board_contract import BoardContract
from tests.contract.emptied import emptied
from tests.servers import found
from tests.servers.park import Park
from tests.servers.postgrest import Postgrest, service_key


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Postgrest]]:
    """PostgREST by database address, started on first use."""
    running: dict[str, Postgrest] = {}
    yield running
    for server in running.values():
        server.stop()


class TestSupabaseBoard(BoardContract):
    @pytest.fixture
    async def board(
        self, park: Park, servers: dict[str, Postgrest], tmp_path_factory: pytest.TempPathFactory
    ) -> AsyncIterator[SqlBoard]:
        program = found.postgrest()
        if program is None:
            pytest.skip("no PostgREST on this machine: scripts/install-test-databases brings it")
        url = await emptied(park, "embedded 18")
        if url not in servers:
            folder = Path(tmp_path_factory.mktemp(f"postgrest-{os.getpid()}"))
            servers[url] = Postgrest(program, database_url=url, folder=folder)
        async with servers[url].client() as http:
            yield await supabase_board(servers[url].url, service_key(), SystemClock(), http=http)
