"""What follows from an error, as values."""

from random import Random

import pytest

from strandloom.basics import log
from strandloom.basics.errors import Halt, Refused, Retryable
from strandloom.blackboard import retry
from strandloom.blackboard.board import ConditionFailed, LeaseLost
from strandloom.kinds.system import HandlerRefused


def decided(error: Exception, attempts: int = 1) -> retry.Decision:
    return retry.decide(error, attempts, Random(3))


@pytest.mark.parametrize(
    ("error", "decision"),
    [
        (Retryable("later"), retry.Again),
        (Refused("rule", "no"), retry.Answer),
        (Halt("books differ"), retry.StopTrading),
        (ConditionFailed("t.take"), retry.Rerun),
        (LeaseLost("gone"), retry.Forget),
        (KeyError("odd"), retry.Again),
    ],
)
def test_each_error_has_its_consequence(error: Exception, decision: type) -> None:
    assert type(decided(error)) is decision


def test_pauses_double_from_a_second_to_five_minutes_give_or_take_a_fifth() -> None:
    rng = Random(3)
    for attempts in range(1, 40):
        for _ in range(20):
            pause_s = retry.backoff_s(attempts, rng)
            middle_s = min(300.0, 2.0 ** (attempts - 1))
            assert 0.8 * middle_s <= pause_s <= 1.2 * middle_s


def test_an_unexpected_error_keeps_its_traceback_and_an_expected_one_its_sentence() -> None:
    try:
        raise KeyError("odd")
    except KeyError as error:
        unexpected = decided(error)
    expected = decided(Retryable("the venue is busy"))

    assert isinstance(unexpected, retry.Again) and isinstance(expected, retry.Again)
    assert "Traceback" in unexpected.error and not unexpected.expected
    assert expected.error == "the venue is busy" and expected.expected


def test_no_secret_reaches_the_story_of_an_error() -> None:
    log.hide("hush-hush-42")
    again = decided(ValueError("cannot log in with hush-hush-42"))

    assert isinstance(again, retry.Again)
    assert "hush-hush-42" not in again.error


def test_numbers_of_a_refusal_become_what_json_carries() -> None:
    draft = retry.refusal(Refused("rule", "no", {"a": 1, "b": float("nan"), "c": {1}, "d": None}))

    assert isinstance(draft.body, HandlerRefused)
    assert draft.body.numbers == {"a": 1, "b": "nan", "c": "{1}", "d": None}


def test_a_dead_letter_is_told_by_the_last_line_of_its_story() -> None:
    draft = retry.dead_letter(6, "Traceback …\n  File …\nKeyError: 'odd'\n")

    assert "KeyError: 'odd'" in str(draft.body)
    assert "Traceback" not in str(draft.body)
