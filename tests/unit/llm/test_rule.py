"""The rule writer says the same of the same numbers, and nothing that was not handed to it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.llm.figures import UNKNOWN, spelled
from strandloom.llm.port import Byline
from strandloom.llm.rule import RuleWriter
from tests.unit.llm.asks import an_ask

PLAIN = "{pattern} on {symbol} earned {net_bps} bps net over {n_blocks} blocks."


async def test_a_text_is_the_template_with_its_places_filled() -> None:
    prose = await RuleWriter().prose(an_ask(), PLAIN)
    assert prose.text == "volume.spike:up on BTC earned 3.25 bps net over 64 blocks."
    assert prose.by == Byline() and not prose.by.by_model and str(prose.by) == "rule"


async def test_the_same_ask_gives_the_same_text() -> None:
    writer = RuleWriter()
    assert await writer.prose(an_ask(), PLAIN) == await writer.prose(an_ask(), PLAIN)


async def test_a_place_that_nobody_knows_is_a_fault() -> None:
    with pytest.raises(KeyError):
        await RuleWriter().prose(an_ask(), "{profit}")


async def test_several_names_are_listed() -> None:
    ask = an_ask(names={"symbols": ("BTC", "ETH"), "nobody": ()})
    assert (await RuleWriter().prose(ask, "{symbols}; {nobody}")).text == "BTC, ETH; none"


async def test_what_is_too_long_ends_after_a_whole_word() -> None:
    prose = await RuleWriter().prose(an_ask(longest=20), PLAIN)
    assert prose.text == "volume.spike:up on…"


async def test_the_rules_leave_verdicts_and_proposals_to_others() -> None:
    assert (await RuleWriter().verdict(an_ask())).stance == "unsure"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (64, "64"),
        (123_456, "123456"),
        (0.123456, "0.1235"),
        (-1.5, "-1.5"),
        (-0.0, "0"),
        (1e-9, "0.000000001"),
        (123_456.7, "123457"),
        (Decimal("1.2300"), "1.23"),
        (Decimal("104250.5"), "104250"),
        (None, UNKNOWN),
        (float("nan"), UNKNOWN),
        (float("inf"), UNKNOWN),
    ],
)
def test_a_number_is_short_and_has_no_exponent(value: float | None, text: str) -> None:
    assert spelled(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_spelling_a_spelled_number_changes_nothing(value: float) -> None:
    once = spelled(value)
    assert spelled(Decimal(once)) == once
