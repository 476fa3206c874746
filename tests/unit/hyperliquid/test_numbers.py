"""The wire's spelling of numbers, against the SDK's where the SDK has one."""

from decimal import Decimal

import pytest
from hyperliquid.utils.signing import float_to_wire
from hypothesis import given
from hypothesis import strategies as st

from strandloom.hyperliquid import numbers


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=6, allow_nan=False))
def test_bare_numbers_are_spelt_as_the_sdk_spells_them(value: Decimal) -> None:
    expected = float_to_wire(float(value))
    assert numbers.bare(value) == ("0" if expected == "-0" else expected)


@pytest.mark.parametrize(
    ("value", "text"),
    [("1980", "1980.0"), ("0", "0.0"), ("-0.0", "0.0"), ("100.10", "100.1"), ("1E+3", "1000.0")],
)
def test_the_venue_answers_with_a_point(value: str, text: str) -> None:
    assert numbers.pointed(Decimal(value)) == text


def test_nine_decimals_are_refused_rather_than_rounded() -> None:
    with pytest.raises(ValueError, match="more than 8 decimals"):
        numbers.bare(Decimal("0.123456789"))


NO_NUMBERS = ["", "NaN", "Infinity", "1e3", "0x10", "1_000", " 1", "１", "1.123456789", "--1"]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_plain_number_is_not_parsed(text: str) -> None:
    with pytest.raises(ValueError, match="decimal number"):
        numbers.parse(text)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=8, allow_nan=False))
def test_parsing_gives_back_what_was_spelt(value: Decimal) -> None:
    assert numbers.parse(numbers.bare(value)) == value
    assert numbers.parse(numbers.pointed(value)) == value


def test_dollars_are_millionths() -> None:
    assert numbers.usd_units(Decimal("1.000001")) == 1_000_001
    with pytest.raises(ValueError, match="more than 6 decimals"):
        numbers.usd_units(Decimal("0.0000001"))
