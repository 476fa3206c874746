"""Take-profit and stop as children of an order, or of a position."""

import pytest

from strandloom.exchange import commands as c
from strandloom.exchange import words
from strandloom.exchange.replies import Failed, Filled, Resting, Waiting
from tests.unit.exchange.floor import ANN, BOB, Floor, quiet_floor


def family(floor: Floor, px: str = "99", tif: c.Tif = "Gtc", size: int = 10) -> list[object]:
    """A long entry with its stop and target."""
    asks = (
        floor.ask("buy", px, size, tif),
        floor.stop("sell", 95, size),
        floor.target("sell", 105, size),
    )
    return list(floor.place(*asks, grouping="normalTpsl"))


def test_children_wait_while_the_parent_rests():
    floor = quiet_floor()
    assert family(floor) == [Resting(1, None), Waiting("waitingForFill", 2), Waiting("waitingForFill", 3)]
    floor.bar(100, 106, 100, 106)
    assert floor.fills() == []  # a target without a position does nothing


def test_children_of_a_parent_that_fills_at_once_wait_for_their_trigger():
    floor = quiet_floor()
    statuses = family(floor, px="100.5")
    assert isinstance(statuses[0], Filled)
    assert statuses[1:] == [Waiting("waitingForTrigger", 2), Waiting("waitingForTrigger", 3)]


def test_one_child_filled_ends_the_other():
    floor = quiet_floor()
    family(floor, px="100.5")
    floor.bar(100, 106, 100, 106)
    assert (floor.status(2), floor.status(3)) == ("siblingFilledCanceled", "filled")
    assert floor.lots() == 0


def test_a_parent_filled_in_part_keeps_its_children_waiting_and_takes_them_along_when_cancelled():
    floor = quiet_floor()
    family(floor)
    floor.bar(100, 100, 98, 99, volume=50)  # five of ten
    assert floor.lots() == 500
    floor.do(c.Cancel(floor.at, ANN, ((0, 1),)))
    assert (floor.status(2), floor.status(3)) == ("canceled", "canceled")


def test_children_of_a_market_order_filled_in_part_are_not_placed():
    floor = quiet_floor()
    statuses = family(floor, px="100.01", tif="Ioc", size=25)
    assert isinstance(statuses[0], Filled)
    assert statuses[1:] == [Failed(f"{words.PARENT_UNFILLED} asset=0")] * 2
    assert (floor.status(2), floor.status(3)) == ("canceled", "canceled")


def test_a_refused_parent_takes_its_children_along():
    floor = quiet_floor(cash=10)
    statuses = family(floor)
    assert statuses == [Failed(f"{words.MARGIN} asset=0")] * 3
    assert floor.engine.open_orders(ANN) == []


def test_children_are_nested_in_the_parents_view():
    floor = quiet_floor()
    family(floor)
    parent = floor.engine.order(ANN, 1)
    assert parent is not None
    assert [child.oid for child in parent.children] == [2, 3]
    assert {order.oid for order in floor.engine.open_orders(ANN)} == {1, 2, 3}


def test_a_changed_parent_keeps_its_children():
    floor = quiet_floor()
    family(floor)
    floor.do(c.Modify(floor.at, ANN, (c.Change(1, floor.ask("buy", 98, 10)),), True))
    floor.bar(100, 100, 97, 98)
    assert (floor.status(1), floor.status(4)) == ("canceled", "filled")
    assert floor.lots() == 1_000
    floor.bar(98, 98, 94, 94)
    assert (floor.status(2), floor.status(3)) == ("filled", "siblingFilledCanceled")


def test_a_changed_child_stays_in_the_family():
    floor = quiet_floor()
    family(floor)
    floor.do(c.Modify(floor.at, ANN, (c.Change(2, floor.stop("sell", 96, 10)),), True))
    floor.bar(100, 100, 98, 99)
    floor.bar(99, 99, "95.5", 96)
    assert (floor.status(4), floor.status(3)) == ("filled", "siblingFilledCanceled")


@pytest.mark.parametrize(
    ("asks", "says"),
    [
        (lambda f: (f.stop("sell", 95, 1), f.stop("sell", 94, 1)), words.MAIN_IS_TRIGGER),
        (lambda f: (f.ask("buy", 99, 1), f.ask("sell", 105, 1, ro=True)), words.TRIGGER_COUNT),
        (lambda f: (f.ask("buy", 99, 1),), words.TRIGGER_COUNT),
        (lambda f: (f.ask("buy", 99, 1), f.stop("sell", 95, 1, ro=False)), words.TPSL_REDUCES),
        (lambda f: (f.ask("buy", 99, 1), f.stop("buy", 105, 1)), words.BAD_TRIGGER),
        (lambda f: (f.ask("buy", 99, 1), f.stop("sell", "99.5", 1)), f"{words.BAD_TRIGGER} asset=0"),
    ],
)
def test_families_that_make_no_sense_are_refused_whole(asks: object, says: str):
    floor = quiet_floor()
    statuses = floor.place(*asks(floor), grouping="normalTpsl")  # type: ignore[operator]
    assert statuses[0] == Failed(says)
    assert floor.engine.open_orders(ANN) == []


def test_orders_of_a_position_take_its_size_when_they_fire():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.5", 5, "Ioc"))
    statuses = floor.place(floor.stop("sell", 95, 0), floor.target("sell", 105, 0), grouping="positionTpsl")
    assert statuses == [Waiting("waitingForTrigger", 2), Waiting("waitingForTrigger", 3)]
    floor.one(floor.ask("buy", "100.5", 5, "Ioc"))
    floor.bar(100, 100, 94, 94)
    assert sum(fill.sz for fill in floor.fills()) == 1_000
    assert floor.status(3) == "siblingFilledCanceled"


def test_orders_of_a_position_need_one():
    floor = quiet_floor()
    statuses = floor.place(floor.stop("sell", 95, 0), grouping="positionTpsl")
    assert statuses == [Failed(f"{words.INCREASES} asset=0")]


def test_a_stop_limit_that_fires_rests_at_its_limit_under_the_same_oid():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.5", 5, "Ioc"))
    oid = floor.rest(floor.stop("sell", 98, 5, px="99.5", market=False))
    floor.bar(100, 100, "97.5", "97.8")
    assert floor.fills() == []
    assert floor.told() == [(oid, "triggered"), (oid, "open")]
    floor.bar("97.8", 100, "97.8", 99)
    (fill,) = floor.fills()
    assert (fill.oid, floor.px(fill.px), fill.crossed) == (oid, 99.5, False)


def test_a_stop_whose_limit_the_gap_has_passed_finds_no_liquidity():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.5", 5, "Ioc"))
    oid = floor.rest(floor.stop("sell", 98, 5, px="97.9"))
    floor.bar(90, 91, 89, 90)
    assert floor.fills() == []
    assert floor.status(oid) == "marketOrderNoLiquidityRejected"


def test_users_meet_in_the_book_when_a_quote_fires_a_stop():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.5", 5, "Ioc"))
    floor.one(floor.stop("sell", 98, 5))
    floor.rest(floor.ask("buy", "97.995", 5), BOB)
    floor.quote("97.98", "98.01", mark="97.99")
    assert {fill.user for fill in floor.fills()} == {ANN, BOB}
