"""A broken invariant stops trading, once; sound books say nothing."""

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.desk import desks, no_market
from strandloom.blackboard.lockstep_board import BoardLockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.postgres import postgres_board
from strandloom.service import audit as audit  # registers the checks
from strandloom.service.invariants import Invariants
from strandloom.store.database import Database
from strandloom.teams.decision_maker.breaker import Breaker

CLOCK = SystemClock()
_TWO_ORDERS = """
insert into trader_orders (cloid, decision, trade, leg, venue, symbol, side, quantity, price, state, at)
select '0x0' || n, '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001', 'entry',
       'paper', 'BTC', 'buy', 1, 100, 'filled', now()
  from generate_series(1, 2) n
"""


async def test_two_orders_of_one_decision_halt_everything_until_a_person_has_looked(
    database: Database,
) -> None:
    board = postgres_board(database, CLOCK)
    network = BoardLockstep([Seat(module=Breaker())], board, desks(board, no_market), holder="test")
    await network.start()
    invariants = Invariants(database, board, CLOCK)
    assert await invariants.look() == {}
    async with database.session() as session:
        await session.connection.execute(_TWO_ORDERS)
    assert list(await invariants.look()) == ["orders_once"]
    assert list(await invariants.look()) == ["orders_once"]
    assert await network.drain() == 1  # asked for once
    (halt,) = await board.look("halt.all")
    assert (halt["rule"], halt["symbol"]) == ("kill_switch", "")
    assert "orders_once does not hold" in halt["reason"]
