"""Liquidation: to the book first, then at the bankruptcy price to the insurance account."""

from decimal import Decimal

from strandloom.exchange import commands as c
from strandloom.exchange.asset import MICRO
from strandloom.exchange.events import Liquidated
from strandloom.exchange.rules import Rules
from tests.unit.exchange.floor import ANN, BOB, Floor, quiet_floor


def methods(floor: Floor) -> list[str]:
    """How, in the last command."""
    return [event.method for event in floor.last.events if isinstance(event, Liquidated)]


def test_a_falling_path_liquidates_at_the_price_that_the_account_was_told():
    floor = quiet_floor(cash=200)
    floor.one(floor.ask("buy", 101, 19, "Ioc"))
    (position,) = floor.engine.account(ANN).positions
    told = position.liquidation_px
    assert told is not None
    floor.bar(100, 100, 80, 80)
    fill = floor.fills()[0]
    assert abs(Decimal(floor.px(fill.px)) - told) < Decimal("0.01")
    assert fill.liquidation is not None
    assert (fill.liquidation.user, fill.liquidation.method) == (ANN, "market")
    assert methods(floor) == ["market"]
    assert floor.lots() == 0
    assert floor.engine.account(ANN).withdrawable > 0  # what was left stays with its owner


def test_a_short_is_liquidated_on_the_way_up_at_the_price_it_was_told():
    floor = quiet_floor(cash=200)
    floor.one(floor.ask("sell", 99, 19, "Ioc"))
    (position,) = floor.engine.account(ANN).positions
    told = position.liquidation_px
    assert told is not None
    floor.bar(100, 130, 100, 130)
    assert abs(Decimal(floor.px(floor.fills()[0].px)) - told) < Decimal("0.01")


def test_a_stop_before_the_liquidation_price_comes_first():
    floor = quiet_floor(cash=200)
    floor.one(floor.ask("buy", 101, 19, "Ioc"))
    floor.one(floor.stop("sell", 96, 19))
    floor.bar(100, 100, 80, 80)
    assert methods(floor) == []
    assert [floor.px(fill.px) for fill in floor.fills()] == [96.0]


def test_open_orders_are_cancelled_before_the_position_is_sold():
    floor = quiet_floor(cash=200)
    floor.one(floor.ask("buy", 101, 19, "Ioc"))
    oid = floor.rest(floor.ask("sell", 130, 19, ro=True))
    floor.bar(100, 100, 80, 80)
    assert floor.status(oid) == "liquidatedCanceled"


def test_a_gap_beyond_bankruptcy_goes_to_the_insurance_account_whole():
    floor = quiet_floor(cash=200)
    floor.one(floor.ask("buy", 101, 19, "Ioc"))
    floor.bar(80, 80, 80, 80)
    assert methods(floor) == ["backstop"]
    (fill,) = floor.fills()
    assert fill.liquidation is not None
    assert fill.liquidation.method == "backstop"
    assert fill.fee == 0
    insurance = floor.engine.state.insurance
    assert insurance.stakes[0].szi == 1_900
    assert insurance.cash + 1_900 * floor.engine.state.markets[0].mark < 0  # it took the loss
    assert floor.engine.account(ANN).margin.account_value == 0


def test_what_the_book_cannot_take_above_bankruptcy_follows_to_the_insurance_account():
    floor = quiet_floor(cash=2_000)
    for _ in range(3):
        floor.one(floor.ask("buy", 101, 130, "Ioc"))
        floor.bar(100, 100, 100, 100, volume=1)
    for _ in range(80):
        floor.bar(100, 100, 100, 100, volume=1)  # the market dries up
    floor.bar("95.5", "95.5", "95.5", "95.5", volume=1)
    floor.bar("95.5", "95.5", 90, 90, volume=1)
    assert floor.lots() == 0
    assert floor.engine.state.insurance.stakes[0].szi > 0


def test_a_large_position_is_liquidated_in_a_fifth_first_and_whole_when_that_was_not_enough():
    floor = quiet_floor(rules=Rules(partial_liquidation_usd=1_000 * MICRO), cash=200)
    floor.one(floor.ask("buy", 101, 19, "Ioc"))
    floor.at += 1_000
    floor.quote("91.79", "91.81", mark="91.8")
    assert sum(fill.sz for fill in floor.fills()) == 380
    floor.at += 1_000
    floor.quote("91.19", "91.21", mark="91.2")
    assert floor.lots() == 0


def test_after_the_cool_down_a_fifth_comes_first_again():
    floor = quiet_floor(rules=Rules(partial_liquidation_usd=1_000 * MICRO), cash=200)
    floor.one(floor.ask("buy", 101, 19, "Ioc"))
    floor.at += 1_000
    floor.quote("91.79", "91.81", mark="91.8")
    floor.at += 31_000
    floor.quote("91.19", "91.21", mark="91.2")
    assert sum(fill.sz for fill in floor.fills()) == 304


def test_an_isolated_position_falls_alone():
    floor = quiet_floor()
    floor.do(c.UpdateLeverage(floor.at, ANN, 0, False, 20))
    floor.one(floor.ask("buy", "100.01", 10, "Ioc"))
    (position,) = floor.engine.account(ANN).positions
    before = floor.engine.account(ANN).cross.account_value
    floor.bar(100, 100, 90, 90)
    assert floor.lots() == 0
    assert position.liquidation_px is not None
    assert abs(Decimal(floor.px(floor.fills()[0].px)) - position.liquidation_px) < Decimal("0.01")
    assert floor.engine.account(ANN).cross.account_value >= before


def test_an_isolated_position_that_gaps_beyond_bankruptcy_costs_its_margin_and_no_more():
    floor = quiet_floor()
    floor.do(c.UpdateLeverage(floor.at, ANN, 0, False, 20))
    floor.one(floor.ask("buy", "100.01", 10, "Ioc"))
    before = floor.engine.account(ANN).cross.account_value
    floor.bar(50, 50, 50, 50)
    assert floor.lots() == 0
    assert floor.engine.account(ANN).margin.account_value == before


def test_a_cross_account_falls_as_a_whole_over_all_its_assets():
    floor = Floor(cash=200)
    floor.do(c.ListAsset(floor.at, "BAR", 2, 20))
    both = (c.PathBar(0, 10**6, 10**6, 10**6, 10**6, 10**5), c.PathBar(1, 10**6, 10**6, 10**6, 10**6, 10**5))
    floor.do(c.MarketBars(floor.at, both))
    floor.at += 60_000
    for asset in (0, 1):
        floor.one(floor.ask("buy", 101, 15, "Ioc", asset=asset))
    crash = tuple(bar._replace(low=900_000, close=900_000) for bar in both)
    floor.do(c.MarketBars(floor.at, crash))
    assert (floor.lots(asset=0), floor.lots(asset=1)) != (1_500, 1_500)
    assert floor.engine.account(ANN).margin.account_value >= 0


def test_a_position_opened_while_the_bar_ran_is_judged_by_its_end_alone():
    floor = quiet_floor(cash=200)
    floor.at += 30_000
    floor.one(floor.ask("buy", 101, 19, "Ioc"))
    floor.at -= 30_000
    floor.bar(100, 100, 80, 99)  # the low may have come before the position
    assert methods(floor) == []
    assert floor.lots() == 1_900


def test_a_drill_liquidates_on_command():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    floor.do(c.ForceLiquidation(floor.at, ANN))
    assert floor.lots() == 0
    assert methods(floor) == ["market"]


def test_a_delisted_asset_settles_at_the_mark_without_a_fee():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.01", 10, "Ioc"))
    floor.one(floor.ask("sell", "99.99", 5, "Ioc"), BOB)
    floor.do(c.Delist(floor.at, 0))
    assert [(fill.user, floor.px(fill.px), fill.fee) for fill in floor.fills()] == [
        (ANN, 100.0, 0),
        (BOB, 100.0, 0),
    ]
    assert floor.engine.is_delisted(0)
    assert floor.engine.mids() == {}
    assert "not listed" in floor.error(floor.ask("buy", 100, 1))


def test_all_assets_of_an_account_take_the_minute_abreast():
    floor = Floor(cash=105)
    floor.do(c.ListAsset(floor.at, "BAR", 2, 20))
    flat = tuple(c.PathBar(asset, 10**6, 10**6, 10**6, 10**6, 10**5) for asset in (0, 1))
    floor.do(c.MarketBars(floor.at, flat))
    floor.at += 60_000
    for asset in (0, 1):
        floor.one(floor.ask("buy", 101, 10, "Ioc", asset=asset))
    falls = flat[0]._replace(low=970_000, close=970_000)
    dips = flat[1]._replace(open=1_030_000, high=1_030_000, low=970_000, close=1_030_000)
    floor.do(c.MarketBars(floor.at, (falls, dips)))
    first = next(event for event in floor.last.events if isinstance(event, Liquidated))
    assert first.at % 60_000 == 20_000  # at the lows of both, not at the open where one stood high


def test_when_all_markets_gap_every_position_is_sold_at_its_own_open():
    floor = Floor(cash=105)
    floor.do(c.ListAsset(floor.at, "BAR", 2, 20))
    flat = tuple(c.PathBar(asset, 10**6, 10**6, 10**6, 10**6, 10**5) for asset in (0, 1))
    floor.do(c.MarketBars(floor.at, flat))
    floor.at += 60_000
    for asset in (0, 1):
        floor.one(floor.ask("buy", 101, 10, "Ioc", asset=asset))
    opens = (971_000, 970_000)
    gapped = (c.PathBar(n, px, px, px, px, 10**5) for n, px in enumerate(opens))
    floor.do(c.MarketBars(floor.at, tuple(gapped)))
    assert methods(floor) == ["market"]
    (first, *_) = floor.fills()
    assert first.px == opens[first.asset]
    assert floor.engine.account(ANN).cross_maintenance < floor.engine.account(ANN).cross.account_value
