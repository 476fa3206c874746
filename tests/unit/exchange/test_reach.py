"""The nearest prices of an account's orders follow the orders as they come, fire and go."""

from strandloom.exchange import commands as c
from strandloom.exchange.account import Stake
from strandloom.exchange.reach import NOWHERE
from tests.unit.exchange.floor import ANN, Floor, quiet_floor


def near(floor: Floor) -> tuple[float | None, ...]:
    """Bid, ask, and what fires by falling and by rising; None: there is none."""
    stake = floor.engine.state.accounts[ANN].stakes.get(0) or Stake(ANN, 0, 1, True)
    return tuple(None if abs(px) == NOWHERE else floor.px(px) for px in stake.reach[1:])


def test_the_nearest_of_each_side_counts_and_the_next_one_takes_its_place():
    floor = quiet_floor()
    assert near(floor) == (None, None, None, None)
    floor.rest(floor.ask("buy", 98, 1))
    best = floor.rest(floor.ask("buy", 99, 1))
    floor.rest(floor.ask("sell", 103, 1))
    assert near(floor) == (99.0, 103.0, None, None)
    floor.do(c.Cancel(floor.at, ANN, ((0, best),)))
    assert near(floor) == (98.0, 103.0, None, None)


def test_triggers_are_apart_from_what_rests_and_are_gone_once_they_fired():
    floor = quiet_floor()
    floor.place(floor.ask("buy", 101, 2, "Ioc"))
    floor.place(floor.stop("sell", 97, 2))
    floor.place(floor.stop("sell", 96, 2))
    floor.place(floor.target("sell", 105, 2))
    assert near(floor) == (None, None, 97.0, 105.0)
    floor.bar(100, 100, "96.5", "96.6")
    assert near(floor) == (None, None, None, None)


def test_what_is_kept_is_worked_out_anew_for_a_new_price():
    floor = quiet_floor()
    oid = floor.rest(floor.ask("buy", 98, 1, cloid="0x" + "1" * 32))
    assert near(floor)[0] == 98.0
    change = c.Change(oid, floor.ask("buy", "98.5", 1, cloid="0x" + "1" * 32))
    floor.do(c.Modify(floor.at, ANN, (change,), always_place=True))
    assert near(floor)[0] == 98.5
