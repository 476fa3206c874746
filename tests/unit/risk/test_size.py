"""Sizes come from the tightest bound, are whole lots, and never rounded up into a trade."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.risk.size import Idea, Size, TooSmall, kelly_usd, probe, size
from tests.unit.risk.situations import LIMITS, a_market, an_account, an_exposure

D = Decimal


def an_idea(**changes: object) -> Idea:
    base: dict[str, object] = {
        "symbol": "BTC",
        "buys": True,
        "price": D(100),
        "stop": D(98),
        "edge_low_bps": 20.0,
        "holding_sd_bps": 100.0,
    }
    return Idea(**(base | changes))  # type: ignore[arg-type]


def test_the_tightest_bound_decides_and_is_named() -> None:
    sized = size(an_idea(), an_account(), a_market(), LIMITS)
    assert isinstance(sized, Size)
    assert (sized.bound_by, sized.quantity) == ("position size", D("100.000"))


def test_a_quarter_of_kelly_on_the_lower_bound() -> None:
    assert kelly_usd(an_idea(edge_low_bps=2.0), D(100_000)) == D(50_000)
    assert kelly_usd(an_idea(edge_low_bps=0.0), D(100_000)) == 0


def test_without_an_edge_nothing_is_bought() -> None:
    sized = size(an_idea(edge_low_bps=-1.0), an_account(), a_market(), LIMITS)
    assert sized == TooSmall(bound_by="quarter of Kelly", notional_usd=D(0), smallest_usd=D(10))


@pytest.mark.parametrize(("held", "share"), [(10_000, D("0.5")), (-10_000, D(1)), (0, D(1))])
def test_a_position_that_moves_alike_leaves_less_room_and_an_opposite_one_no_more(
    held: int, share: Decimal
) -> None:
    account = an_account(exposures=(an_exposure("ETH", held),) if held else ())
    sized = size(an_idea(), account, a_market(correlation={"ETH": 1.0}), LIMITS)
    assert isinstance(sized, Size)
    assert sized.quantity == D(100) * share


@pytest.mark.parametrize(("level", "quantity"), [(0, 100), (1, 50), (2, 25)])
def test_probation_halves_and_quarters(level: int, quantity: int) -> None:
    sized = size(an_idea(), an_account(probation={"BTC": level}), a_market(), LIMITS)
    assert isinstance(sized, Size)
    assert sized.quantity == quantity


def test_a_probe_is_the_smallest_legal_size() -> None:
    assert probe(D("333.3"), a_market()).quantity == D("0.031")  # 10.33 USD; 0.030 would be 9.999


@given(
    st.decimals("0.01", "90000", places=2),
    st.decimals("0.001", "0.2", places=3),
    st.floats(-50, 500),
    st.floats(0, 2_000),
    st.integers(-90_000, 90_000),
    st.integers(0, 3),
)
def test_no_size_exceeds_any_bound_or_splits_a_lot(
    price: Decimal, distance: Decimal, edge: float, sd: float, held: int, level: int
) -> None:
    idea = an_idea(price=price, stop=price * (1 - distance), edge_low_bps=edge, holding_sd_bps=sd)
    account = an_account(exposures=(an_exposure("ETH", held),) if held else (), probation={"BTC": level})
    market = a_market(mid=price)
    sized = size(idea, account, market, LIMITS)
    if isinstance(sized, Size):
        assert sized.quantity % market.lot == 0
        assert market.smallest_usd <= sized.quantity * price <= min(sized.bounds_usd.values())
        assert sized.quantity * (price - idea.stop) <= D("2000.0001")
