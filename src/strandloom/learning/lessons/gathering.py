"""Gathering: reads from the tables what the lessons' trails need, and brings each up to its line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.blackboard.desk import Desk, Looks
from strandloom.blackboard.strand import Write
from strandloom.kinds.lesson import Lesson
from strandloom.kinds.pattern import Pattern
from strandloom.learning.lessons import folding
from strandloom.learning.lessons.baseline import Baselines
from strandloom.learning.lessons.facts import NO_FEATURES
from strandloom.learning.lessons.folding import Told
from strandloom.learning.lessons.match import patterns_of
from strandloom.learning.lessons.tables import PAGE
from strandloom.learning.lessons.trail import Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Trails up to their newest line, and the writes that make them so."""

    trails: Mapping[UUID, Trail]
    writes: Sequence[Write]


class Trails:
    """The trails as the tables have them; what was read once is not read again."""

    def __init__(self) -> None:
        self._known: dict[UUID, Trail] = {}

    async def of(self, looks: Looks, lesson: Lesson) -> Trail:
        """All folds of a lesson."""
        known = self._known.get(lesson.lesson)
        after = folding.line_of(known.until_s).isoformat() if known is not None else None
        rows = await looks.look("lesson.folds", lesson=str(lesson.lesson), after=after)
        trail = known or Trail.begun(folding.first_line(lesson))
        for row in rows:
            trail = trail.with_fold(row)
        if rows:
            self._known[lesson.lesson] = trail
        return trail

    def forget(self, but: Sequence[Lesson]) -> None:
        """Keep only the trails of these."""
        kept = {lesson.lesson for lesson in but}
        for name in self._known.keys() - kept:
            del self._known[name]


async def gather(desk: Desk, lessons: Sequence[Lesson], trails: Trails) -> Gathered:
    """Take in what has closed since the last time, for each lesson up to its own horizon line."""
    known = {lesson.lesson: await trails.of(desk.tables, lesson) for lesson in lessons}
    if not lessons:
        return Gathered(trails=known, writes=())
    since = {name: folding.line_of(trail.until_s) for name, trail in known.items()}
    evidence = [
        await _with_features(desk, lessons, told)
        for told in await _evidence(desk.tables, lessons, min(since.values()))
    ]
    line = folding.lines(lessons, await _still_open(desk.tables, lessons), evidence, desk.now)
    writes = folding.folds(lessons, since, line, evidence, Baselines(desk.market))
    for write in writes:
        name = UUID(write.values["lesson"])
        known[name] = known[name].with_fold(write.values)
    return Gathered(trails=known, writes=writes)


async def _evidence(looks: Looks, lessons: Sequence[Lesson], since: datetime) -> list[Told]:
    """Outcomes opened since then that some lesson may speak of."""
    about = _about(lessons)
    found: list[Told] = []
    after: dict[str, Any] = {}
    while rows := await looks.look("lesson.evidence", since=since.isoformat(), limit=PAGE, **after):
        found += [Told.of(row) for row in rows if about is None or row["pattern"] in about]
        if len(rows) < PAGE:
            break
        after = {"after": rows[-1]["prediction"], "after_at": rows[-1]["opened_at"]}
    return found


async def _still_open(looks: Looks, lessons: Sequence[Lesson]) -> list[Told]:
    """Forecasts without an outcome that some lesson may speak of."""
    about = _about(lessons)
    found: list[Told] = []
    after: str | None = None
    while rows := await looks.look("prediction.open", after=after, limit=PAGE):
        for row in rows:
            content = row["content"]
            if about is None or content["pattern"] in about:
                told = {**content, "prediction": row["prediction"], "opened_at": row["opens_at"]}
                found.append(Told.of(told))
        if len(rows) < PAGE:
            break
        after = rows[-1]["prediction"]
    return found


def _about(lessons: Sequence[Lesson]) -> frozenset[str] | None:
    """The patterns that they are bound to; None if one of them is bound to none."""
    bound = [patterns_of(lesson.predicate) for lesson in lessons]
    return None if None in bound else frozenset[str]().union(*(names for names in bound if names))


async def _with_features(desk: Desk, lessons: Sequence[Lesson], told: Told) -> Told:
    """The row with its pattern's features, fetched only where somebody asks for them."""
    if not folding.wants_features(lessons, told):
        return told
    return folding.with_features(told, await features_of(desk, told.prediction))


async def features_of(desk: Desk, prediction: UUID) -> Mapping[str, float]:
    """What led to the pattern that a forecast was made for."""
    strand = await desk.board.get(prediction)
    cause = await desk.board.get(strand.parents[0]) if strand is not None and strand.parents else None
    return cause.body.features if cause is not None and isinstance(cause.body, Pattern) else NO_FEATURES
