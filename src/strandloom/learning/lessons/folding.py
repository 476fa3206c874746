"""Folding: which outcomes count for which lesson, each once, and only up to its horizon line.

Near targets close first, so whatever has closed is a biased choice.  A lesson's line is the opening of the
oldest forecast that it speaks of and that is still open; what opened before it is complete.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from strandloom.basics.ids import from_unix_ms
from strandloom.blackboard.strand import Write
from strandloom.kinds.lesson import Lesson
from strandloom.learning.lessons.baseline import Baselines
from strandloom.learning.lessons.facts import Facts, of_row
from strandloom.learning.lessons.match import asks_for_features, holds, patterns_of

LAG = timedelta(minutes=10)  # forecasts of the last minutes may still be on their way to the tables
ON_PAPER = ("gate", "plan")  # families whose outcomes nobody need have traded


@dataclass(frozen=True, kw_only=True)
class Told:
    """One row of evidence, or one forecast that is still open."""

    prediction: UUID
    opened_at: datetime
    facts: Facts
    row: Mapping[str, Any]

    @staticmethod
    def of(row: Mapping[str, Any]) -> "Told":
        return Told(
            prediction=UUID(str(row["prediction"])),
            opened_at=datetime.fromisoformat(row["opened_at"]),
            facts=of_row(row),
            row=row,
        )

    @cached_property
    def closed_at(self) -> datetime:
        return datetime.fromisoformat(self.row["closed_at"])

    @property
    def counts(self) -> bool:
        """It can confirm something: neither late nor, where people trade, a shadow."""
        return not self.row["late"] and (not self.row["shadow"] or self.facts.kind in ON_PAPER)


class ByPattern:
    """Lessons indexed by the patterns that they are bound to."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self._bound: dict[str | None, list[Lesson]] = {}
        for lesson in lessons:
            for name in patterns_of(lesson.predicate) or (None,):
                self._bound.setdefault(name, []).append(lesson)

    def near(self, facts: Facts) -> Iterator[Lesson]:
        """Those that may speak of it."""
        for name in (facts.pattern, None):
            for lesson in self._bound.get(name, ()):
                if lesson.family == facts.kind:
                    yield lesson


def with_features(told: Told, features: Mapping[str, float]) -> Told:
    """The same row, with what led to its pattern."""
    return replace(told, facts=replace(told.facts, features=features))


def wants_features(lessons: Sequence[Lesson], told: Told) -> bool:
    """Is there a lesson that cannot know without the features whether it speaks of this row?"""
    return any(
        asks_for_features(lesson.predicate) and holds(lesson.predicate, told.facts) is None
        for lesson in lessons
    )


def lines(
    lessons: Sequence[Lesson], still_open: Sequence[Told], evidence: Sequence[Told], now: datetime
) -> dict[UUID, datetime]:
    """Each lesson's horizon line.  What closes in this very minute counts as open still."""
    line = {lesson.lesson: now - LAG for lesson in lessons}
    index = ByPattern(lessons)
    unsettled = (told for told in evidence if told.closed_at >= now)
    for told in (*still_open, *unsettled):
        for lesson in index.near(told.facts):
            if told.opened_at < line[lesson.lesson] and holds(lesson.predicate, told.facts) is not False:
                line[lesson.lesson] = told.opened_at
    return line


def folds(
    lessons: Sequence[Lesson],
    since: Mapping[UUID, datetime],
    line: Mapping[UUID, datetime],
    evidence: Sequence[Told],
    baselines: Baselines,
) -> list[Write]:
    """What each lesson takes in: rows opened from its last line up to its new one."""
    rows: dict[UUID, list[tuple[Told, float]]] = {lesson.lesson: [] for lesson in lessons}
    index = ByPattern(lessons)
    for told in evidence:
        if not told.counts:
            continue
        for lesson in index.near(told.facts):
            name = lesson.lesson
            if since[name] <= told.opened_at < line[name] and holds(lesson.predicate, told.facts) is True:
                drift = baselines.drift_bps(told.row, told.facts)
                if drift is not None:
                    rows[name].append((told, drift))
    moved = [lesson.lesson for lesson in lessons if line[lesson.lesson] > since[lesson.lesson]]
    return [_fold(name, since[name], line[name], rows[name]) for name in moved]


def first_line(lesson: Lesson) -> datetime:
    """Only what opens after registration confirms."""
    return lesson.registered_at + timedelta(minutes=1)


def line_of(until_s: int) -> datetime:
    """A trail's line as a moment."""
    return from_unix_ms(until_s * 1_000)


def _fold(name: UUID, since: datetime, until: datetime, rows: list[tuple[Told, float]]) -> Write:
    rows.sort(key=lambda pair: (pair[0].opened_at, str(pair[0].prediction)))
    values = {
        "lesson": str(name),
        "since": since.isoformat(),
        "until": until.isoformat(),
        "predictions": [str(told.prediction) for told, _ in rows],
        "opened_s": [int(told.opened_at.timestamp()) for told, _ in rows],
        "net": [told.row["r_bps"] for told, _ in rows],
        "gross": [told.row["gross_bps"] for told, _ in rows],
        "drift": [drift for _, drift in rows],
    }
    return Write(name="lesson.fold", values=values)
