"""Succession: what becomes of a lesson's earlier version once its successor has been decided on."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from strandloom.kinds.lesson import IN_FORCE, Lesson


def succeeded(moved: Sequence[Lesson], every: Sequence[Lesson], now: datetime) -> Iterator[Lesson]:
    """Earlier versions that end now: replaced by what has risen, or for good because it found nothing."""
    by_name = {lesson.lesson: lesson for lesson in every}
    for successor in moved:
        before = by_name.get(successor.parent) if successor.parent is not None else None
        if before is None or before.status not in ("suspended", "retired"):
            continue
        if successor.status in IN_FORCE and before.reason != "superseded":
            yield _ended(before, "superseded", now)
        elif successor.reason == "no_edge" and before.status == "suspended":
            yield _ended(before, "decayed", now)


def _ended(lesson: Lesson, reason: str, now: datetime) -> Lesson:
    changes = {"revision": lesson.revision + 1, "known_from": now, "valid_to": lesson.valid_to or now}
    return replace(lesson, status="retired", reason=reason, **changes)  # type: ignore[arg-type]
