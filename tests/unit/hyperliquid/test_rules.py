"""Five significant figures, 6 − szDecimals decimals, whole numbers always."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.hyperliquid import rules

PRICES = st.decimals(min_value="0.0001", max_value=10**7, places=8, allow_nan=False)
SZ_DECIMALS = st.integers(0, 5)


@pytest.mark.parametrize(
    ("price", "sz_decimals", "legal"),
    [
        ("1234.5", 1, True),
        ("1234.56", 1, False),
        ("0.001234", 0, True),
        ("0.0012345", 0, False),
        ("0.01234", 1, True),
        ("0.012345", 1, False),
        ("0.01234", 2, False),
        ("123456", 5, True),
        ("12345.6", 0, False),
        ("0", 0, False),
        ("-5", 0, False),
    ],
)
def test_the_documented_examples(price: str, sz_decimals: int, legal: bool) -> None:
    assert rules.is_legal_price(Decimal(price), sz_decimals) is legal


@given(PRICES, SZ_DECIMALS)
def test_roundings_are_legal_and_keep_their_side(price: Decimal, sz_decimals: int) -> None:
    below = rules.price_at_most(price, sz_decimals)
    above = rules.price_at_least(price, sz_decimals)
    assert below <= price <= above
    assert rules.is_legal_price(above, sz_decimals)
    assert below == 0 or rules.is_legal_price(below, sz_decimals)
    assert rules.nearest_price(price, sz_decimals) in (below, above)


@given(PRICES, SZ_DECIMALS)
def test_a_legal_price_is_its_own_rounding(price: Decimal, sz_decimals: int) -> None:
    legal = rules.price_at_least(price, sz_decimals)
    assert rules.nearest_price(legal, sz_decimals) == legal


@given(PRICES, SZ_DECIMALS)
def test_sizes_are_cut_never_raised(size: Decimal, sz_decimals: int) -> None:
    cut = rules.size_at_most(size, sz_decimals)
    assert size - rules.lot(sz_decimals) < cut <= size
    assert cut == 0 or rules.is_legal_size(cut, sz_decimals)
