"""A failing endpoint is left alone, ever longer, until it answers."""

from datetime import timedelta

from strandloom.llm.rest import Rest
from tests.builders import NOON


def test_it_rests_from_the_third_failure_on_and_longer_each_time() -> None:
    rest = Rest()
    for _ in range(2):
        rest.failed(NOON)
    assert not rest.resting(NOON)
    rest.failed(NOON)
    assert rest.resting(NOON + timedelta(seconds=29)) and not rest.resting(NOON + timedelta(seconds=31))
    rest.failed(NOON)
    assert rest.resting(NOON + timedelta(seconds=59))
    for _ in range(2_000):
        rest.failed(NOON)
    assert not rest.resting(NOON + timedelta(seconds=901))


def test_an_answer_ends_the_rest() -> None:
    rest = Rest()
    for _ in range(5):
        rest.failed(NOON)
    rest.answered()
    assert not rest.resting(NOON)
