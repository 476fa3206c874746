"""What rules answer is shown with no more digits than a person wants to read."""

from decimal import Decimal
from uuid import UUID

import pytest

from strandloom.kinds.decision import Refusal
from strandloom.risk.values import Answer, Number
from strandloom.teams.decision_maker.answers import refusal, shown


def an_answer(value: Number | str, *, approved: bool = True) -> Answer:
    return Answer(rule="spread", approved=approved, limit=Decimal("20.0"), value=value, unit="bps")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.2345675"), "1.234568"),
        (Decimal("1.2345665"), "1.234566"),
        (Decimal("-2.50"), "-2.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("100"), "100"),
        (Decimal("0.00"), "0"),
        (Decimal("-0.0000001"), "0"),
        (Decimal("123456789012345678901234567890.5"), "123456789012345678901234567890.5"),
        (0.1234567, "0.123457"),
        (1e6, "1e+06"),
        (7, "7"),
        ("unknown", "unknown"),
    ],
)
def test_numbers_are_short_and_exact_enough(value: Number | str, text: str) -> None:
    answer = shown(an_answer(value))
    assert (answer.value, answer.limit) == (text, "20")


def test_a_refusal_shows_all_answers_and_names_those_that_failed() -> None:
    draft = refusal(UUID(int=1), "BTC", "buy", (an_answer(1), an_answer(Decimal(30), approved=False)))
    assert isinstance(draft.body, Refusal)
    assert [answer.value for answer in draft.body.answers] == ["1", "30"]
    assert draft.body.failed == draft.body.answers[1:]
    assert draft.body.reason == "spread: 30 against 20 bps"
