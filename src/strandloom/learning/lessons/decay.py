"""Decay: bets against what a lesson claims, block by block after its promotion, until it is believed dead."""

from dataclasses import replace
from datetime import datetime

from strandloom.kinds.lesson import Lesson
from strandloom.learning.lessons.registering import again
from strandloom.learning.lessons.sight import block_s
from strandloom.learning.lessons.trail import Trail
from strandloom.scoring.demotion import Doubt, doubt


def doubted(lesson: Lesson, trail: Trail) -> Doubt:
    """The wealth of the doubter over the whole blocks out of the lesson's sample."""
    assert lesson.confirmation_to and lesson.sd_bps and lesson.claim is not None  # noqa: S101 - in force
    length = block_s(lesson)
    later = trail.after(lesson.confirmation_to.timestamp()).whole_blocks(length)
    if lesson.status == "contraindicated":  # the mirror image: what it earns beyond the drift is below zero
        means = -later.block_means(later.excess, length)
        return doubt(means, claim=-lesson.claim, sd=lesson.sd_bps, alpha=lesson.alpha)
    means = later.block_means(later.net, length)
    return doubt(means, claim=lesson.claim, sd=lesson.sd_bps, alpha=lesson.alpha)


def demoted(lesson: Lesson, trail: Trail, now: datetime) -> tuple[Lesson, Lesson] | None:
    """The lesson as suspended, and its next version that begins anew under half the alpha."""
    found = doubted(lesson, trail)
    if found.suspended_at is None:
        return None
    wealth = float(found.wealth[found.suspended_at])
    why = (
        f"{found.suspended_at + 1} blocks after promotion the bet against its claim of "
        f"{lesson.claim:.1f} bps stood at {wealth:.1f}, and {1 / lesson.alpha:.0f} is enough"
    )
    gone = replace(
        lesson,
        revision=lesson.revision + 1,
        status="suspended",
        reason="decayed",
        why=why,
        wealth=wealth,
        valid_to=now,
        known_from=now,
    )
    return gone, again(gone, now, mechanism=lesson.mechanism)
