"""Hourly funding: the rate's formula, who pays, and on which price."""

from decimal import Decimal

import pytest

from strandloom.exchange import commands as c
from strandloom.exchange.asset import MICRO
from strandloom.exchange.events import FundingPaid
from strandloom.exchange.funding import RATE_UNIT, hourly_rate
from tests.unit.exchange.floor import ANN, BOB, START, Floor, quiet_floor

HOUR_MS = 3_600_000


def paid(floor: Floor) -> dict[str, int]:
    """Micro-dollars by user, in the last command."""
    return {event.user: event.usd for event in floor.last.events if isinstance(event, FundingPaid)}


@pytest.mark.parametrize(
    ("premium", "eight_hours"),
    [
        ("0", "0.0001"),  # the interest rate alone
        ("0.0001", "0.0001"),
        ("0.0004", "0.0001"),  # within the clamp the interest rate wins
        ("0.001", "0.0005"),
        ("-0.001", "-0.0005"),
        ("0.5", "0.32"),  # capped at 4 % an hour
    ],
)
def test_the_rate_follows_the_formula(premium: str, eight_hours: str):
    expected = Decimal(eight_hours) / 8 * RATE_UNIT
    assert hourly_rate(int(Decimal(premium) * RATE_UNIT)) == expected


def test_longs_pay_shorts_at_the_full_hour():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    floor.one(floor.ask("sell", 99, 5, "Ioc"), BOB)
    floor.do(c.Tick(START + HOUR_MS - 1))
    assert paid(floor) == {}
    floor.do(c.Tick(START + HOUR_MS))
    assert paid(floor) == {ANN: -12_500, BOB: 6_250}  # 0.0000125 of 1 000 and of 500 dollars


def test_the_feeds_rate_and_the_oracle_price_count_where_they_are_known():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    floor.bar(100, 100, 100, 100, oracle=90, funding=RATE_UNIT // 1_000)
    floor.do(c.Tick(START + HOUR_MS))
    assert paid(floor) == {ANN: -900_000}


def test_a_premium_over_the_oracle_raises_the_rate():
    floor = quiet_floor()
    for _ in range(3):
        floor.bar(100, 100, 100, 100, oracle=99)
    floor.do(c.Tick(START + HOUR_MS))
    (rate,) = floor.engine.rates(0, 0)
    assert rate.premium == Decimal("0.0101010101")
    assert rate.rate == Decimal("0.0012001262")  # (premium - 0.0005) / 8
    assert floor.engine.context(0).premium == rate.premium


def test_each_hour_of_a_long_silence_is_settled_in_its_turn():
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    floor.do(c.Tick(START + 3 * HOUR_MS))
    times = [funding.time for funding in floor.engine.fundings(ANN, 0)]
    assert times == [START + hour * HOUR_MS for hour in (1, 2, 3)]
    (position,) = floor.engine.account(ANN).positions
    assert position.funding_all_time == position.funding_since_open == Decimal("0.0375")


def test_an_isolated_position_pays_from_its_own_margin():
    floor = quiet_floor()
    floor.do(c.UpdateLeverage(floor.at, ANN, 0, False, 10))
    floor.one(floor.ask("buy", "100.01", 10, "Ioc"))
    before = floor.engine.account(ANN)
    floor.do(c.Tick(START + HOUR_MS))
    after = floor.engine.account(ANN)
    assert after.cross.account_value == before.cross.account_value
    assert after.positions[0].margin_used == before.positions[0].margin_used - Decimal("0.0125")


def test_a_position_of_the_insurance_account_pays_too():
    floor = quiet_floor(cash=200)
    floor.one(floor.ask("buy", 101, 19, "Ioc"))
    floor.bar(80, 80, 80, 80)
    before = floor.engine.state.insurance.cash
    floor.do(c.Tick(START + HOUR_MS))
    assert floor.engine.state.insurance.cash == before - 19 * MICRO // 1_000
