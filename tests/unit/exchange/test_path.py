"""Fills without wishful thinking: what a bar's path fills, fires and leaves alone."""

from strandloom.exchange.replies import Filled
from tests.unit.exchange.floor import ANN, BOB, quiet_floor


def test_a_resting_buy_fills_at_its_limit_when_the_bar_goes_a_tick_through():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1))
    floor.bar(100, 100, "98.99", "99.5")
    (fill,) = floor.fills()
    assert (floor.px(fill.px), fill.sz, fill.crossed) == (99.0, 100, False)


def test_a_touch_gives_nothing_while_the_queue_ahead_is_not_worked_off():
    floor = quiet_floor()
    oid = floor.rest(floor.ask("buy", "99.99", 1))  # twenty units are shown there
    floor.bar(100, 100, "99.99", 100, volume=150)  # fifteen of them may trade
    assert floor.fills() == []
    floor.bar(100, 100, "99.99", 100, volume=55)  # the last five, and half a unit for us
    (fill,) = floor.fills()
    assert fill.sz == 50
    assert floor.status(oid) == "open"


def test_one_tick_is_the_step_between_legal_prices():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1))
    floor.bar(100, 100, "98.9995", "99.5")  # half a tick below is still a touch
    assert floor.fills() == []


def test_a_price_that_was_not_reached_fills_nothing():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1))
    floor.bar(100, 101, "99.01", 100)
    assert floor.fills() == []


def test_at_most_a_tenth_of_the_volume_fills_all_resting_orders_together():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 8))
    floor.rest(floor.ask("buy", "98.5", 8))
    floor.bar(100, 100, 98, 99, volume=100)
    assert [(floor.px(fill.px), fill.sz) for fill in floor.fills()] == [(99.0, 800), (98.5, 200)]


def test_no_volume_fills_nothing():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1))
    floor.bar(98, 98, 98, 98, volume=0)
    assert floor.fills() == []


def test_the_volume_is_shared_between_accounts_and_the_older_order_comes_first():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 8), BOB)
    floor.rest(floor.ask("buy", 99, 8), ANN)
    floor.bar(100, 100, 98, 99, volume=100)
    assert [(fill.user, fill.sz) for fill in floor.fills()] == [(BOB, 800), (ANN, 200)]


def test_an_order_does_not_see_the_bar_that_was_already_running():
    floor = quiet_floor()
    floor.at += 30_000
    floor.rest(floor.ask("buy", 99, 1))
    floor.at -= 30_000
    floor.bar(100, 100, 98, 99)
    assert floor.fills() == []
    floor.bar(99, 99, 98, 99)
    assert len(floor.fills()) == 1


def test_a_crossing_order_walks_the_book_that_earlier_bars_drew():
    floor = quiet_floor()
    status = floor.one(floor.ask("buy", "100.05", 30, "Ioc"))
    assert isinstance(status, Filled)
    assert status.sz == 3_000
    assert [(floor.px(fill.px), fill.sz) for fill in floor.fills()] == [(100.01, 2_000), (100.02, 1_000)]


def test_what_was_taken_from_the_book_comes_back_only_with_the_next_bar():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.01", 15, "Ioc"))
    status = floor.one(floor.ask("buy", "100.01", 15, "Ioc"))
    assert isinstance(status, Filled)
    assert status.sz == 500
    floor.bar(100, 100, 100, 100)
    assert isinstance(floor.one(floor.ask("buy", "100.01", 15, "Ioc")), Filled)


def test_a_stop_fills_at_its_trigger_when_the_path_runs_through_it():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.05", 10, "Ioc"))
    floor.one(floor.stop("sell", 99, 10))
    floor.bar(100, "100.5", 98, 100)
    (fill,) = floor.fills()
    assert floor.px(fill.px) == 99.0
    assert not fill.ambiguous


def test_a_stop_that_the_bar_opens_beyond_fills_at_the_open():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.05", 10, "Ioc"))
    floor.one(floor.stop("sell", 99, 10))
    floor.one(floor.target("sell", 101, 10))
    floor.bar(97, 102, 96, 100)
    (fill,) = floor.fills()
    assert floor.px(fill.px) == 97.0
    assert not fill.ambiguous  # the open decided, whatever came later


def test_a_bar_that_touches_stop_and_target_takes_the_stop_and_says_so():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.05", 10, "Ioc"))
    floor.place(floor.stop("sell", 99, 10), floor.target("sell", 101, 10), grouping="positionTpsl")
    floor.bar(100, 102, 98, 100)
    (fill,) = floor.fills()
    assert floor.px(fill.px) == 99.0
    assert fill.ambiguous


def test_a_short_meets_the_high_first():
    floor = quiet_floor()
    floor.one(floor.ask("sell", "99.95", 10, "Ioc"))
    floor.place(floor.stop("buy", 101, 10), floor.target("buy", 99, 10), grouping="positionTpsl")
    floor.bar(100, 102, 98, 100)
    (fill,) = floor.fills()
    assert floor.px(fill.px) == 101.0
    assert fill.ambiguous


def test_an_entry_of_this_bar_can_be_stopped_in_it():
    floor = quiet_floor()
    floor.place(
        floor.ask("buy", 99, 1),
        floor.stop("sell", 98, 1),
        floor.target("sell", 101, 1),
        grouping="normalTpsl",
    )
    floor.bar(100, "100.5", 97, 100)
    entry, out = floor.fills()
    assert (floor.px(entry.px), floor.px(out.px)) == (99.0, 98.0)
    assert not out.ambiguous


def test_an_entry_of_this_bar_takes_its_profit_from_the_next_bar_on():
    floor = quiet_floor()
    floor.place(
        floor.ask("buy", 99, 1),
        floor.stop("sell", 97, 1),
        floor.target("sell", 101, 1),
        grouping="normalTpsl",
    )
    floor.bar(100, 102, "98.5", 101.5)
    assert len(floor.fills()) == 1
    floor.bar(101.5, 102, 101, 101)
    (out,) = floor.fills()
    assert floor.px(out.px) == 101.5  # the open lies beyond the target already


def test_a_flat_account_is_taken_first_where_its_entry_waits():
    floor = quiet_floor()
    floor.rest(floor.ask("sell", 101, 1))
    floor.bar(100, 102, 98, 100)
    (fill,) = floor.fills()
    assert fill.at % 60_000 == 20_000  # the high came first


def test_a_stop_entry_is_filled_before_the_extreme_that_hurts_it():
    floor = quiet_floor()
    floor.one(floor.stop("buy", 101, 1, ro=False))
    floor.bar(100, 102, 98, 100)
    (fill,) = floor.fills()
    assert floor.px(fill.px) == 101.0
    assert fill.at % 60_000 == 20_000


def test_a_gap_through_a_resting_order_still_fills_at_its_limit():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1))
    floor.bar(97, 98, 96, 97)
    (fill,) = floor.fills()
    assert floor.px(fill.px) == 99.0


def test_what_the_volume_left_over_fills_in_later_bars():
    floor = quiet_floor()
    oid = floor.rest(floor.ask("buy", 99, 20))
    floor.bar(97, 98, 96, 97, volume=100)
    assert [fill.sz for fill in floor.fills()] == [1_000]
    floor.bar(97, 98, 96, 97, volume=100)
    assert [(floor.px(fill.px), fill.sz) for fill in floor.fills()] == [(99.0, 1_000)]
    assert floor.status(oid) == "filled"


def test_orders_that_the_market_ran_through_are_not_offered_to_others():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 20))
    floor.bar(97, 98, 96, 97, volume=100)
    floor.one(floor.ask("sell", 96, 1, "Ioc"), BOB)
    assert all(fill.user == BOB and floor.px(fill.px) < 97 for fill in floor.fills())


def test_a_stop_larger_than_the_touch_slips_down_the_book():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.05", 40, "Ioc"))
    floor.one(floor.stop("sell", 99, 40))
    floor.bar(100, 100, 98, 99)
    assert [floor.px(fill.px) for fill in floor.fills()] == [99.0, 98.999]


def test_with_mark_data_triggers_follow_the_mark_and_not_the_price():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.05", 10, "Ioc"))
    floor.one(floor.stop("sell", 99, 10))
    floor.bar(100, 100, "98.5", 100, mark=101)  # the mark stood one dollar above the price
    assert floor.fills() == []
    floor.bar(100, 100, "97.5", 100, mark=101)
    (fill,) = floor.fills()
    assert floor.px(fill.px) == 98.0


def test_quotes_move_the_mark_so_that_the_bar_does_not_fire_again():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.05", 10, "Ioc"))
    floor.one(floor.stop("sell", 99, 10))
    floor.at += 30_000
    floor.quote("99.99", "100.01")
    floor.at -= 30_000
    floor.bar(100, 100, 98, 100)  # the quotes never went there
    assert floor.fills() == []


def test_a_quote_fires_a_stop_at_the_quoted_price():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.05", 10, "Ioc"))
    floor.one(floor.stop("sell", 99, 10))
    floor.at += 1_000
    floor.quote("98.50", "98.52")
    (fill,) = floor.fills()
    assert floor.px(fill.px) == 98.5


def test_a_quote_fills_what_it_passes_by_a_tick_and_nothing_at_the_touch():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1))
    floor.at += 1_000
    floor.quote("98.98", "99")
    assert floor.fills() == []
    floor.quote("98.97", "98.99")
    (fill,) = floor.fills()
    assert floor.px(fill.px) == 99.0


def test_quotes_and_the_bar_of_the_same_minute_share_one_allowance():
    floor = quiet_floor()  # the last bar traded 1 000: a hundred may fill
    floor.rest(floor.ask("buy", 99, 100, ro=False))
    floor.rest(floor.ask("buy", "98.5", 60))
    floor.at += 1_000
    floor.quote("98.97", "98.99", size=70)
    assert [fill.sz for fill in floor.fills()] == [7_000]
    floor.at -= 1_000
    floor.bar(99, 99, 98, 99, volume=1_000)
    assert sum(fill.sz for fill in floor.fills()) == 3_000


def test_an_order_that_the_market_ran_through_stays_hidden_when_the_book_is_emptied():
    floor = quiet_floor(cash=1_000_000)
    floor.rest(floor.ask("sell", 101, 500))
    floor.bar(103, 103, 103, 103, volume=10)
    floor.one(floor.ask("sell", 90, 5_000, "Ioc"), BOB)  # takes every bid
    floor.one(floor.ask("buy", "101.5", 1, "Ioc"), BOB)
    assert floor.fills() == []


def test_a_minute_that_is_told_twice_happens_once():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 20))
    floor.bar(100, 100, 98, 99, volume=100)
    floor.at -= 60_000
    floor.bar(100, 100, 98, 99, volume=100)
    assert floor.fills() == []
    assert len(floor.engine.candles(0, "1m", 0, floor.at)) == 4


def test_the_depth_that_a_stop_meets_is_that_of_earlier_minutes():
    thin, deep = quiet_floor(), quiet_floor()
    for floor, volume in ((thin, 10), (deep, 1_000_000)):
        floor.one(floor.ask("buy", "100.05", 40, "Ioc"))
        floor.one(floor.stop("sell", 99, 40))
        floor.bar(100, 100, 98, 99, volume=volume)
    assert thin.fills() == deep.fills() != []
    assert thin.engine.book(0).bids[0].sz < deep.engine.book(0).bids[0].sz


def test_the_same_commands_give_the_same_events():
    def life() -> list[object]:
        floor = quiet_floor()
        told: list[object] = []
        for n in range(30):
            floor.place(
                floor.ask("buy", 100 - n % 7, 2), floor.ask("sell", 101 + n % 5, 1), user=(ANN, BOB)[n % 2]
            )
            told += [repr(event) for event in floor.last.events]
            told += map(repr, floor.bar(100, 101 + n % 6, 99 - n % 8, 100, volume=40).events)
        return told

    assert life() == life()
