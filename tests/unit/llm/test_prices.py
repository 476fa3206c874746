"""Prices are dated, belong to a host, and never come out too low."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from strandloom.llm.prices import Price, most_tokens, price

LATE = date(2026, 11, 20)


def test_a_price_counts_from_its_day_on() -> None:
    assert price("api.openai.com", "gpt-5.4-nano", date(2026, 3, 16)) is None
    assert price("api.openai.com", "gpt-5.4-nano", LATE) == Price(
        input_usd=Decimal("0.20"), output_usd=Decimal("1.25")
    )


def test_the_same_model_elsewhere_has_no_known_price() -> None:
    assert price("example.org", "gpt-5.4-nano", LATE) is None
    assert price("api.openai.com", "gpt-unheard-of", LATE) is None


def test_costs_are_rounded_up() -> None:
    assert Price(input_usd=Decimal("0.2"), output_usd=Decimal(0)).cost_usd(1, 0) == Decimal("0.0000002")
    assert Price(input_usd=Decimal("0.001"), output_usd=Decimal(0)).cost_usd(1, 0) == Decimal("1E-8")


@given(st.text())
def test_no_text_has_more_tokens_than_are_set_aside(text: str) -> None:
    assert most_tokens(({"content": text},)) > len(text.encode())
