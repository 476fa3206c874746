"""Contradiction: opposite signs about the same forecasts are told apart by a test, or neither is used."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np

from strandloom.kinds.lesson import Lesson
from strandloom.learning.lessons.contradiction import settled, verdicts
from strandloom.learning.lessons.trail import Trail
from tests.lessons import NOON, a_lesson

WIDE = a_lesson(1, status="active")
NARROW = a_lesson(2, status="contraindicated")
BLOCK_S = 2 * WIDE.horizon_s


def trails(inside_bps: float, outside_bps: float, blocks: int = 60) -> dict[UUID, Trail]:
    """The wide one has two outcomes in each block; the second is the narrow one's too."""
    rng = np.random.default_rng(4)
    start = int(NOON.timestamp())
    opened = start + np.repeat(np.arange(1, blocks + 1), 2) * BLOCK_S + np.tile([60, 120], blocks)
    gross = np.where(np.arange(2 * blocks) % 2, inside_bps, outside_bps) + rng.normal(0, 5, 2 * blocks)
    wide = Trail(
        predictions=tuple(str(UUID(int=n)) for n in range(2 * blocks)),
        opened_s=opened, net=gross, gross=gross, drift=np.zeros(2 * blocks),
        until_s=start + (blocks + 2) * BLOCK_S,
    )  # fmt: skip
    return {WIDE.lesson: wide, NARROW.lesson: wide.only(np.arange(2 * blocks) % 2 == 1)}


def after(lessons: list[Lesson], known: dict[UUID, Trail]) -> dict[UUID, Lesson]:
    moved = settled(lessons, list(verdicts(lessons, known)), NOON + timedelta(days=9))
    return {lesson.lesson: lesson for lesson in moved}


def test_where_the_overlap_clearly_differs_the_wider_lesson_gives_way_there() -> None:
    found = after([WIDE, NARROW], trails(-20.0, 20.0))
    assert found.keys() == {WIDE.lesson}
    assert found[WIDE.lesson].yields_to == (NARROW.lesson,)
    assert found[WIDE.lesson].reason == "decided"


def test_where_it_cannot_be_told_neither_is_used() -> None:
    found = after([WIDE, NARROW], trails(3.0, 3.5))
    assert found[WIDE.lesson].contradicts == (NARROW.lesson,)
    assert found[NARROW.lesson].contradicts == (WIDE.lesson,)
    assert {lesson.reason for lesson in found.values()} == {"contradicted"}


def test_too_few_blocks_decide_nothing() -> None:
    assert len(after([WIDE, NARROW], trails(-20.0, 20.0, blocks=10))) == 2


def test_lessons_without_a_common_outcome_do_not_contradict() -> None:
    known = trails(-20.0, 20.0)
    other = replace(known[NARROW.lesson], predictions=tuple(str(UUID(int=n + 999)) for n in range(60)))
    assert after([WIDE, NARROW], {**known, NARROW.lesson: other}) == {}


def test_lessons_of_the_same_sign_do_not_contradict() -> None:
    both = [WIDE, replace(NARROW, status="active")]
    assert after(both, trails(-20.0, 20.0)) == {}


def test_a_dispute_ends_when_the_opponent_is_gone() -> None:
    disputed = replace(WIDE, contradicts=(NARROW.lesson,))
    found = after([disputed], trails(3.0, 3.0))
    assert found[WIDE.lesson].contradicts == ()
    assert found[WIDE.lesson].revision == disputed.revision + 1
