"""Placing, cancelling and changing orders, answered in the venue's words."""

import pytest

from strandloom.exchange import commands as c
from strandloom.exchange import words
from strandloom.exchange.asset import e8
from strandloom.exchange.replies import SUCCESS, Err, Failed, Filled, Resting, Statuses
from tests.unit.exchange.floor import ANN, BOB, Floor, quiet_floor


def modified(floor: Floor, target: int | str, ask: c.Ask, always: bool = True) -> object:
    """The status of one change."""
    reply = floor.do(c.Modify(floor.at, ANN, (c.Change(target, ask),), always)).reply
    assert isinstance(reply, Statuses)
    return reply.statuses[0]


def test_an_unknown_user_must_deposit_first():
    floor = quiet_floor()
    reply = floor.do(c.Place(floor.at, "0xd", (floor.ask("buy", 99, 1),))).reply
    assert reply == Err("Must deposit before performing actions. User: 0xd")


def test_a_resting_order_is_answered_with_its_ids():
    floor = quiet_floor()
    status = floor.one(floor.ask("buy", 99, 1, cloid="0x1"))
    assert status == Resting(1, "0x1")


def test_a_market_order_that_the_book_cannot_fill_whole_is_filled_for_less():
    floor = quiet_floor()
    status = floor.one(floor.ask("buy", "100.01", 30, "Ioc"))
    assert status == Filled(1, None, 0, 2_000, 2_000 * 1_000_100)
    assert floor.status(1) == "filled"
    assert floor.engine.open_orders(ANN) == []


def test_a_good_till_cancel_order_rests_with_what_is_left():
    floor = quiet_floor()
    status = floor.one(floor.ask("buy", "100.01", 30))
    assert status == Resting(1, None)
    (order,) = floor.engine.open_orders(ANN)
    assert (str(order.sz), str(order.orig_sz)) == ("10.00", "30.00")


def test_users_trade_with_each_other_at_the_makers_price_by_price_and_time():
    floor = quiet_floor(cash=100_000)
    first = floor.rest(floor.ask("sell", 100, 1), BOB)
    second = floor.rest(floor.ask("sell", 100, 1), BOB)
    floor.one(floor.ask("buy", "100.01", "1.5"))
    takers = [(fill.oid, floor.px(fill.px), fill.sz) for fill in floor.fills() if not fill.crossed]
    assert takers == [(first, 100.0, 100), (second, 100.0, 50)]
    tids = {fill.tid for fill in floor.fills()}
    assert len(tids) == 2  # each trade has one id, shared by its two sides


def test_maker_and_taker_pay_their_fees():
    floor = quiet_floor()
    floor.rest(floor.ask("sell", 100, 1), BOB)
    floor.one(floor.ask("buy", 100, 1))
    fees = {fill.user: fill.fee for fill in floor.fills()}
    assert fees == {ANN: 45_000, BOB: 15_000}


@pytest.mark.parametrize(
    ("px", "sz", "words_said"),
    [
        ("100.001", "1", words.TICK),
        ("0", "1", words.BAD_PRICE),
        ("99", "0", words.ZERO_SIZE),
        ("99", "1.005", words.BAD_SIZE),
        ("19", "10", words.FAR_PRICE),
        ("501", "1", words.FAR_PRICE),
    ],
)
def test_a_flaw_in_one_order_refuses_the_whole_batch_with_one_error(px: str, sz: str, words_said: str):
    floor = quiet_floor()
    statuses = floor.place(floor.ask("buy", 99, 1), floor.ask("buy", px, sz))
    assert statuses == [Failed(f"{words_said} asset=0")]
    assert floor.engine.open_orders(ANN) == []


def test_negative_sizes_and_prices_are_refused():
    floor = quiet_floor()
    assert floor.error(c.Ask(0, True, -e8(99), e8(1))) == f"{words.BAD_PRICE} asset=0"
    assert floor.error(c.Ask(0, True, e8(99), -e8(1))) == f"{words.BAD_SIZE} asset=0"


def test_an_unknown_asset_is_refused():
    floor = quiet_floor()
    assert floor.error(c.Ask(7, True, e8(99), e8(1))) == f"{words.BAD_ASSET} asset=7"
    assert floor.error(c.Ask(-1, True, e8(99), e8(1))) == f"{words.BAD_ASSET} asset=-1"


def test_an_empty_batch_is_refused():
    floor = quiet_floor()
    assert floor.place() == [Failed("Orders are empty.")]


def test_whole_dollars_are_always_legal_prices():
    floor = Floor()
    floor.do(c.ListAsset(floor.at, "BIG", 5, 40))
    floor.bar(123_456, 123_456, 123_456, 123_456, asset=1)
    assert isinstance(floor.one(floor.ask("buy", 123_400, "0.01", asset=1)), Resting)
    assert floor.error(floor.ask("buy", "12345.6", "0.01", asset=1)).startswith(words.FAR_PRICE[:20]) is False


def test_the_minimum_value_spares_only_orders_that_close_a_position_whole():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, "0.15", "Ioc"))
    assert floor.error(floor.ask("sell", 99, "0.05")) == f"{words.MIN_VALUE} asset=0"
    assert floor.error(floor.ask("sell", 99, "0.05", ro=True)) == f"{words.MIN_VALUE} asset=0"
    floor.bar(60, 60, 60, 60)
    assert isinstance(floor.one(floor.ask("sell", 50, "0.15", "Ioc", ro=True)), Filled)


def test_cancelling_twice_fails_the_second_time_in_the_venues_words():
    floor = quiet_floor()
    oid = floor.rest(floor.ask("buy", 99, 1))
    reply = floor.do(c.Cancel(floor.at, ANN, ((0, oid), (0, oid)))).reply
    assert reply == Statuses((SUCCESS, Failed(f"{words.NOT_THERE} asset=0")))


def test_nobody_cancels_the_orders_of_others():
    floor = quiet_floor()
    oid = floor.rest(floor.ask("buy", 99, 1))
    reply = floor.do(c.Cancel(floor.at, BOB, ((0, oid),))).reply
    assert reply == Statuses((Failed(f"{words.NOT_THERE} asset=0"),))


def test_a_cloid_can_be_used_again_when_its_order_is_over():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1, cloid="0x1"))
    assert floor.error(floor.ask("buy", 98, 1, cloid="0x1")) == f"{words.CLOID_TAKEN} asset=0"
    floor.do(c.CancelByCloid(floor.at, ANN, ((0, "0x1"),)))
    again = floor.rest(floor.ask("buy", 98, 1, cloid="0x1"))
    found = floor.engine.order(ANN, "0x1")
    assert found is not None
    assert found.oid == again


def test_a_change_is_a_cancel_and_a_new_order_with_the_same_cloid():
    floor = quiet_floor()
    oid = floor.rest(floor.ask("buy", 99, 1, cloid="0x1"))
    assert modified(floor, oid, floor.ask("buy", 98, 2)) == Resting(oid + 1, "0x1")
    assert floor.status(oid) == "canceled"


def test_a_change_by_cloid_finds_the_order():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1, cloid="0x1"))
    assert modified(floor, "0x1", floor.ask("buy", 98, 1, cloid="0x1")) == Resting(2, "0x1")


def test_without_always_place_a_change_turns_post_only():
    floor = quiet_floor()
    oid = floor.rest(floor.ask("buy", 99, 1))
    modified(floor, oid, floor.ask("buy", "98.5", 1), always=False)
    (order,) = floor.engine.open_orders(ANN)
    assert order.tif == "Alo"
    crossing = modified(floor, order.oid, floor.ask("buy", 101, 1), always=False)
    assert isinstance(crossing, Failed)
    assert crossing.error.startswith("Error placing new order during modify: Post only order would have")
    assert floor.engine.open_orders(ANN) == []  # the old order is gone


def test_without_always_place_a_stop_cannot_be_changed():
    floor = quiet_floor()
    oid = floor.rest(floor.stop("buy", 105, 1, ro=False))
    assert modified(floor, oid, floor.stop("buy", 106, 1, ro=False), always=False) == Failed(
        words.MODIFY_POST_ONLY
    )
    assert floor.status(oid) == "open"


def test_a_finished_order_cannot_be_changed():
    floor = quiet_floor()
    oid = floor.rest(floor.ask("buy", 99, 1))
    floor.do(c.Cancel(floor.at, ANN, ((0, oid),)))
    assert modified(floor, oid, floor.ask("buy", 98, 1)) == Failed(words.NO_MODIFY)


def test_a_flaw_in_a_change_leaves_the_old_order_alone():
    floor = quiet_floor()
    oid = floor.rest(floor.ask("buy", 99, 1))
    assert modified(floor, oid, floor.ask("buy", "99.00005", 1)) == Failed(f"{words.TICK} asset=0")
    assert floor.status(oid) == "open"


def test_an_action_whose_time_is_over_does_nothing():
    floor = quiet_floor()
    late = c.Place(floor.at, ANN, (floor.ask("buy", 99, 1),), "na", floor.at - 1)
    assert floor.do(late).reply == Err("Action already expired")
    assert floor.engine.open_orders(ANN) == []


def test_while_trading_is_halted_only_cancels_work():
    floor = quiet_floor()
    oid = floor.rest(floor.ask("buy", 99, 1))
    floor.do(c.HaltTrading(floor.at, True))
    assert floor.error(floor.ask("buy", 99, 1)) == "Trading is halted. asset=0"
    assert floor.do(c.Cancel(floor.at, ANN, ((0, oid),))).reply == Statuses((SUCCESS,))
    floor.do(c.HaltTrading(floor.at, False))
    floor.rest(floor.ask("buy", 99, 1))


def test_only_the_latest_finished_orders_and_fills_stay_in_memory():
    floor = quiet_floor()
    for _ in range(2_100):
        floor.engine.apply(c.Place(floor.at, ANN, (floor.ask("buy", 99, 1, "Ioc", cloid="0x1"),)))
    account = floor.engine.state.accounts[ANN]
    assert len(account.finished) == len(account.by_oid) == 2_000
    assert floor.status(1) == "unknownOid"
    assert floor.status(2_100) == "iocCancelRejected"
    found = floor.engine.order(ANN, "0x1")
    assert found is not None
    assert found.oid == 2_100


def test_a_cloid_is_forgotten_with_its_order():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 99, 1, "Ioc", cloid="0xf"))
    for _ in range(2_000):
        floor.engine.apply(c.Place(floor.at, ANN, (floor.ask("buy", 99, 1, "Ioc"),)))
    assert floor.engine.order(ANN, "0xf") is None


def test_users_alone_make_a_market_whose_mark_is_their_last_trade():
    floor = Floor()
    floor.rest(floor.ask("sell", 100, 1), BOB)
    assert isinstance(floor.one(floor.ask("buy", 100, 1)), Filled)
    assert floor.engine.context(0).mark_px == 100
    assert floor.engine.account(ANN).margin.total_ntl_pos == 100


def test_a_resting_order_that_fills_in_part_says_how_much_is_left():
    floor = quiet_floor(cash=100_000)
    oid = floor.rest(floor.ask("sell", 100, 3), BOB)
    floor.one(floor.ask("buy", 100, 1))
    assert (oid, "open") in floor.told()
    (order,) = floor.engine.open_orders(BOB)
    assert str(order.sz) == "2.00"
