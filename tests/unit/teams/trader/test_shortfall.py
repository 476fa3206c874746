"""What an order cost, and what it saved against a taker order at arrival."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.scoring.costs import VENUE
from strandloom.teams.trader.chance import chances
from strandloom.teams.trader.combination import Combination, size_of, spread_of, volatility_of
from strandloom.teams.trader.shortfall import Shortfall, Taker, shortfall, taker

D = Decimal
YARDSTICK = Taker(crossing_bps=3.0, fee_bps=4.5)


def measured(
    side: str, price: str | None, share: str = "1", later: str = "100", fee_bps: str = "4.5"
) -> Shortfall:
    filled = D(share) * 10 if price else D(0)
    average = D(price) if price else None
    fee = filled * (average or 0) * D(fee_bps) / 10_000
    return shortfall(side, D(10), filled, average, fee, D(100), D(later), YARDSTICK)  # type: ignore[arg-type]


def test_a_taker_order_that_costs_what_the_model_says_saves_nothing() -> None:
    found = measured("buy", "100.03")
    assert (found.slippage_bps, found.cost_bps) == pytest.approx((3.0, 7.5))
    assert found.saved_bps == pytest.approx(0.0, abs=1e-9)


def test_a_maker_fill_saves_the_crossing_and_the_difference_of_the_fees() -> None:
    found = measured("sell", "100", fee_bps="1.5")
    assert (found.saved_bps, found.gross_bps) == pytest.approx((6.0, 3.0))


@pytest.mark.parametrize(("side", "later", "saved"), [("buy", "101", -100.0), ("sell", "101", 100.0)])
def test_what_is_not_filled_costs_what_the_price_did_meanwhile(side: str, later: str, saved: float) -> None:
    found = measured(side, None, later=later)
    assert (found.share, found.slippage_bps, found.cost_bps) == (0.0, None, None)
    assert found.saved_bps == pytest.approx(saved)


def test_half_a_fill_counts_half() -> None:
    found = measured("buy", "100", share="0.5", later="100.10", fee_bps="1.5")
    assert found.saved_bps == pytest.approx(0.5 * 6.0 - 0.5 * 10.0)


@given(st.decimals("1", "1000", places=3), st.sampled_from(["buy", "sell"]))
def test_net_and_gross_differ_by_the_fees_alone(price: Decimal, side: str) -> None:
    found = measured(side, str(price))
    assert found.saved_bps == pytest.approx(found.gross_bps, abs=1e-6)


def test_the_yardstick_is_the_cost_model() -> None:
    assert taker(VENUE, 1.0, 2.0).cost_bps == VENUE.taker_bps(1.0, 2.0)


WAY = Combination(venue="paper", style="maker", volatility="quiet", spread="tight", size="small")


def sums(**rows: tuple[float, float]) -> dict[str, dict[str, float]]:
    """What is known of its keys, from fine to coarse, by the names of their rungs."""
    keys = dict(zip(("fine", "coarse", "style", "venue"), WAY.keys, strict=True))
    return {keys[rung]: {"measured": measured, "wins": wins} for rung, (measured, wins) in rows.items()}


def test_without_evidence_the_chance_is_even() -> None:
    assert chances(WAY.keys, {}) == (0.5, 0.5)


def test_an_order_counts_once_on_the_whole_ladder() -> None:
    lost = sums(fine=(1, 0), coarse=(1, 0), style=(1, 0), venue=(1, 0))
    assert chances(WAY.keys, lost) == (pytest.approx(4 / 9), 0.5)


def test_a_combination_leans_on_its_relatives_until_it_has_shown_more() -> None:
    relatives = {"style": (100, 90), "venue": (100, 90)}
    leaning, above = chances(WAY.keys, sums(coarse=(100, 90), **relatives))
    assert leaning == above == pytest.approx((8 * 0.5 + 90) / 108)
    own, _ = chances(WAY.keys, sums(fine=(100, 10), coarse=(200, 100), **relatives))
    assert own < 0.2


def test_ways_of_sending_are_told_in_words() -> None:
    assert WAY.keys[0] == "paper|maker|quiet|tight|small"
    assert (WAY.pattern, WAY.regime) == ("execution.maker@paper", "quiet_tight")
    assert [spread_of(x) for x in (None, 0.3, 2.0, 9.0)] == ["normal", "tight", "normal", "wide"]
    assert [size_of(x) for x in (20, 5_000, 50_000, 1e6)] == ["tiny", "small", "medium", "large"]
    assert [volatility_of(x) for x in (None, "up_quiet", "flat_wild", "down_normal")] == [
        "normal",
        "quiet",
        "wild",
        "normal",
    ]
