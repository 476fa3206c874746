"""Whatever the evidence, what the gate lets pass has a bound on the right side of zero."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from strandloom.kinds.lesson import Lesson
from strandloom.learning.lessons.judging import Judged, judge
from strandloom.learning.lessons.sight import block_s
from strandloom.learning.lessons.trail import Trail
from strandloom.scoring import gate
from tests.lessons import NOON, a_lesson

LENGTH = block_s(a_lesson())
LATER = NOON + timedelta(days=90)


def a_trail(seed: int, blocks: int, net: float, drift: float, per_block: int = 2, sd: float = 20.0) -> Trail:
    rng = np.random.default_rng(seed)
    rows = blocks * per_block
    opened = int(NOON.timestamp()) // LENGTH * LENGTH + LENGTH + np.arange(rows) * (LENGTH // per_block)
    results = rng.normal(net, sd, rows)
    return Trail(
        predictions=tuple(str(UUID(int=seed * 10_000 + n)) for n in range(rows)),
        opened_s=opened.astype(np.int64),
        net=results,
        gross=results + 12.0,
        drift=np.full(rows, drift),
        until_s=int(opened[-1]) + 3 * LENGTH if rows else int(NOON.timestamp()),
    )


def judged(*trails: Trail, n_trials: int = 1) -> tuple[list[Lesson], Judged]:
    lessons = [a_lesson(n + 1) for n in range(len(trails))]
    known = {lesson.lesson: trail for lesson, trail in zip(lessons, trails, strict=True)}
    return lessons, judge(lessons, known, n_trials, LATER, LATER)


@settings(max_examples=60)
@given(
    shapes=st.lists(
        st.tuples(
            st.integers(0, 10_000),
            st.integers(0, 500),
            st.floats(-60, 60),
            st.floats(-30, 30),
            st.integers(1, 4),
        ),
        min_size=1,
        max_size=5,
    ),
    n_trials=st.integers(1, 5_000),
)
def test_a_promoted_bound_lies_above_zero_and_a_harmful_one_below_the_margin(
    shapes: list[tuple[int, int, float, float, int]], n_trials: int
) -> None:
    lessons, found = judged(*(a_trail(*shape) for shape in shapes), n_trials=max(n_trials, len(shapes)))
    for lesson in found.moved:
        assert lesson.revision == 1 and lesson.known_from == LATER
        if lesson.status == "active":
            assert lesson.ci_low is not None and lesson.ci_low > 0
            assert lesson.mean_net_bps is not None and lesson.mean_net_bps > lesson.ci_low
            assert lesson.p <= gate.Q
        if lesson.status == "contraindicated":
            assert lesson.ci_high is not None and lesson.ci_high < -lesson.cost_bps / 2
            assert lesson.claim is not None and lesson.claim < 0
    assert len({lesson.lesson for lesson in found.moved}) == len(found.moved) <= len(lessons)


def test_looks_are_taken_at_sixty_blocks_and_their_doubles_and_never_in_between() -> None:
    for blocks, looks in ((59, 0), (60, 1), (119, 1), (120, 2), (241, 3), (500, 4)):
        _, found = judged(a_trail(1, blocks, 0.0, 0.0))
        assert {write.values["n_blocks"] for write in found.writes} == set(gate.LOOKS[:looks])


def test_more_candidates_ever_tried_raise_the_bar() -> None:
    edge = a_trail(4, 70, 9.0, 0.0)
    alone, among = judged(edge)[1], judged(edge, n_trials=50_000)[1]
    assert [lesson.status for lesson in alone.moved] == ["active"]
    assert [lesson.status for lesson in among.moved] == ["shadow"]
    assert alone.moved[0].p == among.moved[0].p


def test_what_fell_short_at_its_last_look_passes_when_others_do() -> None:
    """One p a little above q/m fails alone; beside one that passes, two may be twice as large."""
    flat = a_trail(7, 485, 0.0, 0.0)
    shifted = (replace(flat, net=flat.net + z, gross=flat.gross + z) for z in np.linspace(0.0, 9.0, 400))
    weak, retired = next(
        (trail, moved)
        for trail in shifted
        for moved in judged(trail)[1].moved
        if moved.reason == "no_edge" and moved.p < 3.9e-4
    )
    assert judge([retired], {retired.lesson: weak}, 1, LATER, LATER).moved == []
    other = a_lesson(2)
    known = {retired.lesson: weak, other.lesson: a_trail(8, 70, 15.0, 0.0)}
    both = judge([retired, other], known, 2, LATER, LATER)
    assert [lesson.status for lesson in both.moved] == ["active", "active"]
