"""A prior that has heard of a lesson: the lesson weighs as much as its blocks, the key's own evidence too."""

from collections.abc import Sequence
from dataclasses import replace

from strandloom.kinds.lesson import Lesson
from strandloom.learning.book import Prior
from strandloom.scoring.gate import CLAIM_SHARE
from strandloom.scoring.success import KAPPA


def informed(prior: Prior, lessons: Sequence[Lesson]) -> Prior:
    """The prior with the weightiest lesson that speaks of the situation; lessons do not add up."""
    about = next((lesson for lesson in lessons if lesson.n and lesson.claim is not None), None)
    if about is None:
        return prior
    rate = prior.p + CLAIM_SHARE * (about.hits / about.n - prior.p)
    return replace(
        prior,
        p=_between(prior.p, rate, prior, about),
        expected_bps=_between(prior.expected_bps, claimed_net_bps(about), prior, about),
    )


def claimed_net_bps(lesson: Lesson) -> float:
    """What a trade is expected to earn after costs; a contraindication claims before costs."""
    claim = lesson.claim or 0.0
    return claim if lesson.status == "active" else claim - lesson.cost_bps


def sure_bps(lessons: Sequence[Lesson]) -> float:
    """The lower bound of the edge that the active ones among them stand for; −∞ without one."""
    bounds = (
        min(lesson.ci_low, lesson.claim)
        for lesson in lessons
        if lesson.status == "active" and lesson.ci_low is not None and lesson.claim is not None
    )
    return max(bounds, default=float("-inf"))


def _between(base: float, told: float, prior: Prior, lesson: Lesson) -> float:
    own = KAPPA + prior.n_blocks
    return (own * base + lesson.n_blocks * told) / (own + lesson.n_blocks)
