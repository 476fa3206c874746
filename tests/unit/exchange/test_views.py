"""What the exchange answers when it is asked."""

from datetime import UTC, datetime
from decimal import Decimal

from strandloom.basics.ids import unix_ms
from strandloom.exchange import commands as c
from strandloom.exchange.feed import minute, quote
from strandloom.exchange.look.candles import begins, ends
from strandloom.kinds.market import Bar, Quote
from tests.unit.exchange.floor import ANN, BOB, START, Floor, quiet_floor


def test_the_book_shows_the_markets_levels_and_the_users_orders_together():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", "99.99", 5))
    floor.rest(floor.ask("buy", "99.995", 1))
    book = floor.engine.book(0, 3)
    assert [(str(level.px), str(level.sz), level.n) for level in book.bids] == [
        ("99.9950", "1.00", 1),
        ("99.9900", "25.00", 2),
        ("99.9800", "25.00", 1),
    ]
    assert len(book.asks) == 3
    assert book.synthetic_spread == Decimal("0.02")


def test_the_book_is_never_crossed_by_orders_that_the_market_ran_through():
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 20))
    floor.bar(97, 98, 96, 97, volume=100)
    book = floor.engine.book(0)
    assert book.bids[0].px < book.asks[0].px


def test_without_a_market_only_users_make_the_book():
    floor = Floor()
    assert floor.engine.book(0).bids == ()
    floor.rest(floor.ask("buy", 99, 1))
    floor.rest(floor.ask("sell", 101, 1), BOB)
    assert floor.engine.mids() == {}  # no market data yet
    assert floor.engine.book(0).bids[0].px == 99


def test_the_spread_follows_the_range_and_the_depth_follows_the_volume():
    calm, wild = quiet_floor(), quiet_floor()
    for _ in range(200):
        calm.bar(100, "100.1", "99.9", 100, volume=100)
        wild.bar(100, 102, 98, 100, volume=10_000)
    narrow, wide = calm.engine.book(0), wild.engine.book(0)
    assert narrow.synthetic_spread == Decimal("0.02")
    assert wide.synthetic_spread == Decimal("0.40")
    assert narrow.bids[0].sz < 3
    assert wide.bids[0].sz > 190


def test_a_fill_reads_as_on_the_wire():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 1, "Ioc", cloid="0x1"))
    floor.one(floor.ask("sell", 99, 3, "Ioc"))
    newest, oldest = floor.engine.fills(ANN)
    assert (newest.dir, oldest.dir) == ("Long > Short", "Open Long")
    assert (newest.side, oldest.side) == ("A", "B")
    assert oldest.cloid == "0x1"
    assert oldest.fee == Decimal("0.045005")
    assert newest.closed_pnl == Decimal("-0.02")
    assert len(oldest.hash) == 66
    assert floor.engine.fills_between(ANN, oldest.time, newest.time) == [oldest, newest]
    assert floor.engine.fills_between(ANN, newest.time + 1) == []


def test_public_trades_name_both_sides_and_share_the_id_of_the_fills():
    floor = quiet_floor()
    floor.rest(floor.ask("sell", 100, 1), BOB)
    floor.one(floor.ask("buy", 101, 2, "Ioc"))
    market, users = floor.engine.trades(0)
    assert (users.buyer, users.seller, users.side) == (ANN, BOB, "B")
    assert (market.buyer, market.seller) == (ANN, "0x" + "0" * 40)
    assert {fill.tid for fill in floor.engine.fills(ANN)} == {users.tid, market.tid}


def test_a_trigger_order_shows_its_condition():
    floor = quiet_floor()
    floor.one(floor.stop("buy", "105.5", 1, ro=False))
    floor.one(floor.target("buy", 95, 1, ro=False, market=False, px="94.5"))
    target, stop = floor.engine.open_orders(ANN)
    assert (stop.order_type, stop.trigger_condition, stop.tif) == ("Stop Market", "Price above 105.5", None)
    assert (target.order_type, target.trigger_condition) == ("Take Profit Limit", "Price below 95")
    assert stop.is_trigger


def test_history_holds_live_and_finished_orders_newest_first():
    floor = quiet_floor()
    first = floor.rest(floor.ask("buy", 99, 1))
    floor.at += 1_000
    second = floor.rest(floor.ask("buy", 98, 1))
    floor.at += 1_000
    floor.do(c.Cancel(floor.at, ANN, ((0, first),)))
    assert [(o.oid, o.status) for o in floor.engine.finished_orders(ANN)] == [
        (first, "canceled"),
        (second, "open"),
    ]


def test_unknown_users_have_empty_answers():
    floor = quiet_floor()
    view = floor.engine.account("0xnobody")
    assert view.margin.account_value == 0
    assert view.positions == ()
    assert floor.engine.open_orders("0xnobody") == []
    assert floor.engine.order("0xnobody", 1) is None
    assert floor.engine.fills("0xnobody") == []
    assert not floor.engine.knows("0xnobody")


def test_mids_print_as_the_venue_prints_numbers():
    floor = quiet_floor()
    assert floor.engine.mids() == {"ACE": "100.0"}


def test_the_context_sums_up_the_day():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    context = floor.engine.context(0)
    assert context.day_base_volume == 3_000
    assert context.day_ntl_volume == 300_000
    assert context.open_interest == 5
    assert context.mark_px == context.oracle_px == context.mid_px == 100
    assert context.funding == Decimal("0.0000125")
    assert context.impact_bid is not None
    assert context.impact_ask is not None
    assert context.impact_bid < 100 < context.impact_ask


def test_candles_roll_up_exactly():
    floor = quiet_floor()
    floor.bar(100, 103, 99, 102, volume=10)
    floor.bar(102, 104, 101, 103, volume=20)
    (candle,) = floor.engine.candles(0, "5m", START, floor.at)
    assert (candle.open, candle.high, candle.low, candle.close) == (100, 104, 99, 103)
    assert candle.volume == 3_030
    assert (candle.start, candle.end) == (START, START + 299_999)
    assert len(floor.engine.candles(0, "1m", START + 60_000, START + 120_000)) == 2
    assert floor.engine.candles(0, "7m", START, floor.at) == []


def test_months_begin_on_their_first_day():
    at = unix_ms(datetime(2026, 12, 17, 5, tzinfo=UTC))
    start = begins(at, "1M")
    assert start == unix_ms(datetime(2026, 12, 1, tzinfo=UTC))
    assert ends(start, "1M") == unix_ms(datetime(2027, 1, 1, tzinfo=UTC)) - 1


def test_bars_and_quotes_of_the_feed_become_ticks_and_lots():
    floor = Floor()
    (asset,) = floor.engine.assets()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    common = {"venue": "x", "at": at, "open": 100.12344, "high": 101.0, "low": 99.0, "close": 100.0}
    bars = [
        Bar(symbol="ACE", volume=1.239, trades=7, mark=100.5, oracle=99.5, funding=0.0000125, **common),
        Bar(symbol="ELSE", volume=1.0, **common),
    ]
    command = minute({"ACE": asset}, bars)
    assert command.at == unix_ms(at)
    (bar,) = command.bars
    assert bar[:8] == (0, 1_001_234, 1_010_000, 990_000, 1_000_000, 123, 7, 1_005_000)
    assert (bar.oracle, bar.funding, bar.open_interest) == (995_000, 125_000, 0)
    quoted = Quote(
        venue="x",
        symbol="ACE",
        at=at,
        bid=Decimal("99.99"),
        bid_size=Decimal("1.239"),
        ask=Decimal("100.01"),
        ask_size=Decimal(2),
    )
    assert quote(asset, quoted) == c.MarketQuote(unix_ms(at), 0, 999_900, 123, 1_000_100, 200)


def test_asking_changes_nothing():
    floor, asked = quiet_floor(), quiet_floor()
    for each in (floor, asked):
        each.bar(100, 103, 99, 102)
        each.rest(each.ask("buy", 99, 5))
    engine = asked.engine
    engine.account(ANN), engine.book(0), engine.context(0), engine.mids(), engine.open_orders(ANN)
    for each in (floor, asked):
        each.bar(102, 103, 95, 96)
        each.one(each.ask("sell", 90, 3, "Ioc"))
    assert floor.last.events[0] == asked.last.events[0]
    assert floor.engine.fills(ANN) == asked.engine.fills(ANN)


def test_pages_of_fills_begin_with_the_oldest():
    floor = quiet_floor()
    for _ in range(5):
        floor.at += 1_000
        floor.one(floor.ask("buy", 101, 1, "Ioc"))
    times = [fill.time for fill in floor.engine.fills_between(ANN, floor.at - 3_000, limit=2)]
    assert times == [floor.at - 3_000, floor.at - 2_000]
    assert len(floor.engine.fills_between(ANN, 0)) == 5
    assert len(floor.engine.fills_between(ANN, 0, floor.at - 4_000)) == 1
