"""Margin, leverage and tiers, to the micro-dollar."""

from decimal import Decimal

import pytest

from strandloom.exchange import commands as c
from strandloom.exchange import words
from strandloom.exchange.asset import MICRO, Asset, Tier, e8
from strandloom.exchange.replies import DONE, Err, Filled, Resting
from tests.unit.exchange.floor import ANN, BOB, START, Floor, quiet_floor


def leverage(floor: Floor, value: int, cross: bool = True, asset: int = 0) -> object:
    return floor.do(c.UpdateLeverage(floor.at, ANN, asset, cross, value)).reply


def isolated(floor: Floor, usd: int) -> object:
    return floor.do(c.UpdateIsolatedMargin(floor.at, ANN, 0, usd * MICRO)).reply


def test_a_position_measured_on_the_venue_looks_the_same_here():
    floor = Floor()
    floor.do(c.ListAsset(START, "BTC", 5, 40))
    leverage(floor, 5, asset=1)
    floor.bar(79_400, 79_400, 79_400, 79_400, asset=1)
    trigger = c.Trigger(e8(79_445), True, "sl")
    floor.one(c.Ask(1, True, e8(80_000), e8("0.00015"), "Gtc", False, None, trigger))
    floor.bar("79449.2", "79449.2", 79_442, 79_442, asset=1)  # opens beyond the stop: filled at the open
    (position,) = floor.engine.account(ANN).positions
    assert position.entry_px == Decimal("79449.2")
    assert position.position_value == Decimal("11.9163")
    assert position.unrealized_pnl == Decimal("-0.00108")
    assert position.margin_used == Decimal("2.38326")
    assert position.return_on_equity == Decimal("-0.0004531197")  # -0.00108 / (11.91738 / 5)
    assert position.max_leverage == 40


def test_account_value_is_raw_cash_plus_signed_notional():
    floor = quiet_floor()
    floor.one(floor.ask("sell", 99, 10, "Ioc"))
    view = floor.engine.account(ANN)
    assert view.margin.total_ntl_pos == 1_000
    assert view.margin.account_value == view.margin.total_raw_usd - 1_000
    assert view.margin.account_value == Decimal("10000") - Decimal("0.1") - Decimal("0.449955")
    assert view.margin.total_margin_used == 50
    assert view.cross_maintenance == 25
    assert view.withdrawable == view.margin.account_value - 100  # a tenth of the notional binds more


def test_an_order_needs_its_initial_margin():
    floor = quiet_floor(cash=100)
    assert isinstance(floor.one(floor.ask("buy", 99, 20)), Resting)
    assert floor.error(floor.ask("buy", 99, "20.5")) == f"{words.MARGIN} asset=0"


def test_each_resting_order_is_checked_by_itself_and_again_when_it_fills():
    floor = quiet_floor(cash=100)
    first = floor.rest(floor.ask("buy", 99, 15))
    second = floor.rest(floor.ask("buy", "98.9", 15))
    floor.bar(100, 100, "98.5", 99)
    assert (floor.status(first), floor.status(second)) == ("filled", "marginCanceled")


def test_a_crossing_order_pays_spread_and_fee_on_top_of_its_margin():
    floor = quiet_floor(cash=100)
    assert floor.error(floor.ask("buy", 101, 20, "Ioc")) == f"{words.MARGIN} asset=0"
    assert isinstance(floor.one(floor.ask("buy", 101, "19.5", "Ioc")), Filled)


def test_what_only_reduces_needs_no_margin():
    floor = quiet_floor(cash=100)
    floor.one(floor.ask("buy", 101, 15, "Ioc"))
    floor.bar(97, 97, 97, 97)
    assert isinstance(floor.one(floor.ask("sell", 90, 10, "Ioc")), Filled)


def test_a_flip_needs_margin_only_for_the_new_side():
    floor = quiet_floor(cash=100)
    floor.one(floor.ask("buy", 101, 19, "Ioc"))
    assert isinstance(floor.one(floor.ask("sell", "99", 37, "Ioc")), Filled)
    floor.bar(100, 100, 100, 100)
    assert floor.lots() == -1_800


def test_leverage_moves_both_ways_while_a_cross_position_is_open():
    floor = quiet_floor(cash=100)
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    assert leverage(floor, 15) == DONE
    assert leverage(floor, 5) == Err(words.LEVERAGE_MARGIN)
    assert leverage(floor, 20) == DONE


@pytest.mark.parametrize("value", [0, -1, 21])
def test_leverage_beyond_the_assets_is_refused(value: int):
    assert leverage(quiet_floor(), value) == Err(words.LEVERAGE)


def test_the_mode_cannot_change_while_a_position_is_open():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 1, "Ioc"))
    assert leverage(floor, 10, cross=False) == Err("Cannot switch leverage type with open position.")


def test_an_isolated_only_asset_refuses_cross():
    floor = quiet_floor(only_isolated=True)
    assert leverage(floor, 5) == Err(words.ONLY_ISOLATED)
    assert floor.engine.leverage(ANN, 0) == (False, 20)


def test_an_isolated_position_draws_its_margin_and_gives_it_back():
    floor = quiet_floor()
    leverage(floor, 10, cross=False)
    floor.one(floor.ask("buy", "100.01", 10, "Ioc"))
    view = floor.engine.account(ANN)
    drawn = Decimal("100.01")
    assert view.cross.account_value == 10_000 - drawn
    (position,) = view.positions
    fee = Decimal("0.450045")
    assert position.margin_used == drawn - fee - Decimal("0.1")
    floor.one(floor.ask("sell", "99.99", 5, "Ioc"))
    (position,) = floor.engine.account(ANN).positions
    assert Decimal("49.4") < position.margin_used < Decimal("49.9")
    floor.one(floor.ask("sell", "99.9", 5, "Ioc"))
    assert floor.engine.account(ANN).positions == ()
    stake = floor.engine.state.accounts[ANN].stakes[0]
    assert stake.cash == 0


def test_isolated_margin_goes_in_and_what_leverage_does_not_bind_comes_out():
    floor = quiet_floor()
    assert isolated(floor, 10) == Err("Position does not use isolated margin.")
    leverage(floor, 10, cross=False)
    floor.one(floor.ask("buy", "100.01", 10, "Ioc"))
    assert isolated(floor, 50) == DONE
    assert isolated(floor, -60) == Err(words.ISOLATED_SHORT)
    assert isolated(floor, -40) == DONE
    assert isolated(floor, 1_000_000) == Err(words.ISOLATED_SHORT)


def test_lowering_the_leverage_of_an_isolated_position_draws_the_missing_margin():
    floor = quiet_floor()
    leverage(floor, 10, cross=False)
    floor.one(floor.ask("buy", "100.01", 10, "Ioc"))
    assert leverage(floor, 5, cross=False) == DONE
    (position,) = floor.engine.account(ANN).positions
    assert position.margin_used == 200


def test_tiers_make_maintenance_continuous_and_limit_leverage():
    tiers = (Tier(0, 40), Tier(150_000_000 * MICRO, 20))
    asset = Asset(0, "BTC", 5, 40, tiers)
    edge = 150_000_000 * MICRO
    assert asset.maintenance(edge) == edge // 80
    assert asset.maintenance(edge + 40) == edge // 80 + 1
    assert asset.maintenance(2 * edge) == 2 * edge // 40 - (edge // 40 - edge // 80)
    assert asset.band(edge - 1).max_leverage == 40
    assert asset.band(edge).max_leverage == 20


def test_a_position_cannot_outgrow_the_tier_of_its_leverage():
    floor = quiet_floor(tiers=((0, 20), (1_000 * MICRO, 5)))
    floor.one(floor.ask("buy", 101, "9.5", "Ioc"))
    assert floor.error(floor.ask("buy", 101, 1, "Ioc")) == f"{words.BEYOND_TIER} asset=0"
    assert leverage(floor, 5) == DONE
    assert isinstance(floor.one(floor.ask("buy", 101, 1, "Ioc")), Filled)
    assert leverage(floor, 6) == Err(words.LEVERAGE)


def test_transfers_out_leave_the_margin_and_a_tenth_of_the_notional():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 90, "Ioc"))
    free = floor.engine.account(ANN).withdrawable
    most = int(free * MICRO)
    assert floor.do(c.UsdSend(floor.at, ANN, BOB, most + 1)).reply == Err(words.NO_FUNDS)
    assert floor.do(c.UsdSend(floor.at, ANN, "0xnew", most)).reply == DONE
    assert floor.engine.account("0xnew").withdrawable == free
    assert floor.do(c.Withdraw(floor.at, "0xnew", most)).reply == DONE
    assert floor.do(c.Withdraw(floor.at, "0xnew", 1)).reply == Err(words.NO_FUNDS)
    assert floor.do(c.Withdraw(floor.at, "0xnew", 0)).reply == Err(words.BAD_AMOUNT)


def test_profit_of_a_partial_close_is_measured_against_the_average_entry():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.01", 10, "Ioc"))
    floor.bar(110, 110, 110, 110)
    floor.one(floor.ask("buy", "110.01", 10, "Ioc"))
    floor.bar(120, 120, 120, 120)
    floor.one(floor.ask("sell", "119.99", 5, "Ioc"))
    (fill,) = floor.fills()
    assert fill.closed_pnl == round(5 * (119.99 - 105.01) * MICRO)
    (position,) = floor.engine.account(ANN).positions
    assert position.entry_px == Decimal("105.01")


def test_a_very_large_market_order_is_refused():
    floor = quiet_floor(cash=10_000_000, leverage=5)
    assert floor.error(floor.ask("buy", 101, 5_000, "Ioc")) == f"{words.TOO_LARGE} asset=0"
    assert isinstance(floor.one(floor.ask("buy", 99, 5_100)), Resting)


def test_profits_of_partial_closes_add_up_to_the_cash_to_the_micro_dollar():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.05", "7.77", "Ioc"))
    floor.bar("103.33", "103.33", "103.33", "103.33")
    floor.one(floor.ask("buy", "104", "3.31", "Ioc"))
    for size in ("2.03", "5.57", "3.48"):
        floor.bar("101.11", "101.11", "101.11", "101.11")
        floor.one(floor.ask("sell", 100, size, "Ioc"))
    assert floor.lots() == 0
    account = floor.engine.state.accounts[ANN]
    earned = sum(fill.closed_pnl - fill.fee for fill in account.fills)
    assert account.cash == 10_000 * MICRO + earned
    assert account.stakes[0].cost == 0
