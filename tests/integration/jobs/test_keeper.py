"""The keeper lets go of what is old by market time, packs old days of bars, and leaves the rest."""

from datetime import UTC, datetime, timedelta

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Search
from strandloom.blackboard.desk import desks, no_market
from strandloom.blackboard.lockstep_board import BoardLockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.postgres import postgres_board
from strandloom.jobs import posting
from strandloom.jobs.keeper import Keeper, Keeping
from strandloom.jobs.timetable import Slot
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.market import beat as beats
from strandloom.market import minute as minutes
from strandloom.market.beat import Beat
from strandloom.market.store import BarStore
from strandloom.market.writes import store
from strandloom.store.database import Database
from tests.bars import a_bar

CLOCK = SystemClock()
START = datetime(2026, 1, 1, tzinfo=UTC)
KEEPING = Keeping(strands_days=10, bars_pack_after_days=3, bars_days=15)


async def a_market_of(days: int, database: Database) -> BoardLockstep:
    """One heartbeat with one bar at the first minute of every day, and the keeper listening."""
    board = postgres_board(database, CLOCK)
    for day in range(days):
        minute = minutes.of(START) + day * minutes.DAY_MINUTES
        body = Heartbeat(feed="test", minute=minutes.opens(minute), present=("BTC",))
        bar = a_bar(minute=minute)
        told = Beat(minute=minute, body=body, first=(bar,))
        await board.post([beats.draft(minute, body)], beats.cause("test", minute), [store(told)])
    seats = [Seat(module=Keeper(KEEPING), order="free")]
    network = BoardLockstep(seats, board, desks(board, no_market), holder="test")
    await network.start()
    return network


async def run(network: BoardLockstep, job: str, at: datetime) -> None:
    slot = Slot(at, job)
    await network.post([posting.draft(slot)], posting.cause(slot), [posting.run(slot, "test")])
    assert await network.drain() == 1


async def test_strands_of_an_older_market_go_and_leave_a_tombstone(database: Database) -> None:
    network = await a_market_of(20, database)
    board = postgres_board(database, CLOCK)
    await run(network, "prune", START + timedelta(days=20))
    beats_left = [strand.at for strand in (await board.find(Search(kind="heartbeat"))).strands]
    assert min(beats_left) == START + timedelta(days=9, minutes=1)
    assert (await board.counts())["tombstones"] == 9


async def test_a_young_market_loses_nothing(database: Database) -> None:
    network = await a_market_of(5, database)
    await run(network, "prune", START + timedelta(days=5))
    assert (await postgres_board(database, CLOCK).counts())["tombstones"] == 0


async def test_old_days_are_packed_and_very_old_ones_forgotten(database: Database) -> None:
    network = await a_market_of(20, database)
    await run(network, "roll_up", START + timedelta(days=20))
    (held,) = await BarStore(database).held()
    assert held.first == START + timedelta(days=5)
    assert held.bars == 15
    packed = await database.fetchval("market.days_to_pack", (START + timedelta(days=17)).date())
    assert packed is None
