"""`strandloom reconcile` asks a running network, shows what it found, and says so when nobody is there."""

import asyncio
import json
from decimal import Decimal

import pytest
from typer.testing import CliRunner, Result

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.desk import desks
from strandloom.blackboard.module import Seat
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.runner import Runner
from strandloom.blackboard.waking import Waking
from strandloom.cli.app import app
from strandloom.exchange.engine import Engine
from strandloom.ledger import journal
from strandloom.store.database import Database
from strandloom.teams.trader.reconciler import Reconciler
from strandloom.venues.paper import PaperVenue
from tests.fills import a_funding
from tests.network import Network

D = Decimal


def call(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


async def run(database: Database, *args: str) -> Result:
    """The command, while a network with the reconciler alone serves the same database."""
    venue = PaperVenue(Engine(), D(1_000))
    clock = SystemClock()
    board = postgres_board(database, clock)
    network = Network([], ("BTC",))
    await network.minute()
    waking = Waking(database, board.floors, clock)
    seats = [Seat(module=Reconciler(venue), order="free")]
    laid = desks(board, lambda at: network.window.view())
    runner = Runner(seats, board, laid, waking, clock, holder="test")
    async with asyncio.TaskGroup() as group:
        serving = [group.create_task(runner.run()), group.create_task(waking.run())]
        result = await asyncio.to_thread(call, *args)
        for task in serving:
            task.cancel()
    return result


@pytest.fixture
def served(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("DATABASE_URL", database.url)
    return database


async def test_books_that_agree_end_with_zero_and_are_kept(served: Database) -> None:
    done = await run(served, "reconcile", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["agrees"], told["booked_flows_usd"]) == (0, True, "1000")
    (kept,) = json.loads((await asyncio.to_thread(call, "reconcile", "--history", "--json")).stdout)
    assert (kept["agrees"], kept["unexplained"]) == (True, [])


async def test_books_that_differ_end_with_one_and_name_the_symbols(served: Database) -> None:
    await run(served, "reconcile")
    board = postgres_board(served, SystemClock())
    long_ago = a_funding(usd=D(-3), at=a_funding().at.replace(year=2020))
    await board.post([], Cause(module="t.hand", at=long_ago.at, key="a"), [journal.of_funding(long_ago)])
    done = await run(served, "reconcile")
    assert done.exit_code == 1
    assert "books and venue\tdiffer" in done.stdout
    assert "difference\t+3.000000 USD" in done.stdout
    assert "opens nothing on\tBTC" in done.stdout


async def test_without_a_service_it_says_so(served: Database) -> None:
    done = await asyncio.to_thread(call, "reconcile", "--wait", "0")
    assert done.exit_code == 1
    assert "no service answered" in done.stderr
