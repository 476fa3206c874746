"""Reduce-only orders shrink with their position and end with it."""

from strandloom.exchange.replies import Filled
from tests.unit.exchange.floor import ANN, quiet_floor


def test_an_oversized_order_is_shrunk_without_an_error():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    status = floor.one(floor.ask("sell", 99, 25, "Ioc", ro=True))
    assert isinstance(status, Filled)
    assert status.sz == 1_000
    assert floor.lots() == 0


def test_a_resting_order_shrinks_with_its_position_and_keeps_its_original_size():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    oid = floor.rest(floor.ask("sell", 105, 10, ro=True))
    floor.one(floor.ask("sell", 99, 4, "Ioc"))
    order = floor.engine.order(ANN, oid)
    assert order is not None
    assert (str(order.sz), str(order.orig_sz)) == ("6.00", "10.00")
    floor.one(floor.ask("sell", 99, 6, "Ioc"))
    assert floor.status(oid) == "reduceOnlyCanceled"


def test_a_second_order_that_exceeds_the_position_cancels_the_first():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    first = floor.rest(floor.ask("sell", 105, 8, ro=True))
    second = floor.rest(floor.ask("sell", 106, 8, ro=True))
    assert (floor.status(first), floor.status(second)) == ("reduceOnlyCanceled", "open")


def test_two_orders_that_fit_together_both_rest():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    first = floor.rest(floor.ask("sell", 105, 5, ro=True))
    second = floor.rest(floor.ask("sell", 106, 5, ro=True))
    floor.one(floor.ask("sell", 99, 7, "Ioc"))  # three are left: each could still reduce, both cannot
    assert (floor.status(first), floor.status(second)) == ("reduceOnlyCanceled", "open")


def test_the_wrong_side_is_refused_and_a_flip_ends_what_rests():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    assert "would increase" in floor.error(floor.ask("buy", 99, 1, ro=True))
    oid = floor.rest(floor.ask("sell", 105, 10, ro=True))
    floor.one(floor.ask("sell", 99, 15, "Ioc"))
    assert floor.lots() == -500
    assert floor.status(oid) == "reduceOnlyCanceled"


def test_a_stop_takes_only_what_is_left_of_the_position():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    floor.one(floor.stop("sell", 98, 10))
    floor.one(floor.ask("sell", 99, 4, "Ioc"))
    floor.bar(100, 100, 97, 97)
    assert [fill.sz for fill in floor.fills()] == [600]
    assert floor.lots() == 0


def test_stops_end_when_the_position_is_closed():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    oid = floor.rest(floor.stop("sell", 98, 10))
    floor.one(floor.ask("sell", 99, 10, "Ioc"))
    assert floor.status(oid) == "reduceOnlyCanceled"
