"""Registering: what is supposed is written down, numbered and counted before anything can confirm it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from strandloom.kinds.lesson import Hypothesis, Lesson
from strandloom.learning.lessons.facts import Facts
from strandloom.learning.lessons.match import holds
from strandloom.learning.lessons.rows import identity_of, lesson_id
from strandloom.scoring.demotion import ALPHA

LIVE = ("candidate", "shadow", "active", "contraindicated")


def candidate(body: Hypothesis, now: datetime, because: Sequence[UUID]) -> Lesson:
    """The first version of a statement; one that holds of anything is quarantined at once."""
    empty = holds(body.predicate, Facts(kind=body.family)) is True
    first = Lesson(
        lesson=UUID(int=0),
        revision=0,
        version=1,
        parent=None,
        status="quarantined" if empty else "candidate",
        reason="says_nothing" if empty else "registered",
        why="it holds of everything of its family" if empty else "",
        family=body.family,
        predicate=body.predicate,
        action_hint=body.action_hint,
        horizon_s=body.horizon_s,
        cost_model=body.cost_model,
        cost_bps=body.cost_bps,
        writer=body.writer,
        mechanism=body.mechanism,
        registered_at=now,
        alpha=ALPHA,
        discovery_to=now,
        because=tuple(because),
        valid_from=now,
        known_from=now,
    )
    return replace(first, lesson=lesson_id(identity_of(first), 1))


def again(before: Lesson, now: datetime, *, mechanism: str, because: Sequence[UUID] = ()) -> Lesson:
    """The next version: the same statement, nothing confirmed, and its death believed at half the alpha."""
    version = before.version + 1
    return Lesson(
        lesson=lesson_id(identity_of(before), version),
        revision=0,
        version=version,
        parent=before.lesson,
        status="candidate",
        reason="registered",
        family=before.family,
        predicate=before.predicate,
        action_hint=before.action_hint,
        horizon_s=before.horizon_s,
        cost_model=before.cost_model,
        cost_bps=before.cost_bps,
        writer=before.writer,
        mechanism=mechanism,
        registered_at=now,
        alpha=before.alpha / 2.0,
        discovery_to=now,
        because=tuple(because) or before.because,
        valid_from=now,
        known_from=now,
    )


def next_version(
    body: Hypothesis, versions: Sequence[Lesson], now: datetime, because: Sequence[UUID]
) -> Lesson | None:
    """What is to be registered, or None: it is being tried, or nobody says what would be different now.

    A statement that failed is tried again only with a mechanism that was not written down before.
    """
    if not versions:
        return candidate(body, now, because)
    last = versions[-1]
    known = {version.mechanism for version in versions}
    if last.status in LIVE or not body.mechanism or body.mechanism in known:
        return None
    return again(last, now, mechanism=body.mechanism, because=because)
