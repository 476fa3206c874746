"""Retrieval: the lessons in force at a moment that speak of a situation, the weightiest first."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, cast
from uuid import UUID

from strandloom.basics.iso import iso
from strandloom.blackboard.desk import Desk
from strandloom.kinds.lesson import Lesson, StyleLesson
from strandloom.learning.lessons.facts import Facts
from strandloom.learning.lessons.match import holds, patterns_of
from strandloom.learning.lessons.rows import lesson_of

MINUTE = timedelta(minutes=1)
HALF_LIFE_DAYS = 30.0
_STYLES = {"enter_maker": "maker", "enter_taker": "taker", "enter_sliced": "sliced"}


class Snapshot:
    """The lessons in force at one moment, indexed by the patterns that they are bound to."""

    def __init__(self, lessons: Sequence[Lesson] = (), at: datetime | None = None) -> None:
        self.lessons = tuple(lessons)
        self._at = at
        self._bound: dict[str, list[Lesson]] = {}
        self._free: list[Lesson] = []
        for lesson in self.lessons:
            names = patterns_of(lesson.predicate)
            for name in names or ():
                self._bound.setdefault(name, []).append(lesson)
            if names is None:
                self._free.append(lesson)

    def matching(self, facts: Facts) -> tuple[Lesson, ...]:
        """Those that hold, without those that another one overrules here, the weightiest first."""
        if not self.lessons:
            return ()
        near = (*self._bound.get(facts.pattern or "", ()), *self._free)
        found = [x for x in near if x.family == facts.kind and holds(x.predicate, facts) is True]
        return self._ranked(_settled(found))

    def named(self, names: Iterable[UUID]) -> tuple[Lesson, ...]:
        """Those of these that are in force, the weightiest first."""
        wanted = set(names)
        return self._ranked(lesson for lesson in self.lessons if lesson.lesson in wanted)

    def styles(self) -> tuple[StyleLesson, ...]:
        """What is known of ways to execute, the weightiest first."""
        about = [lesson for lesson in self.lessons if lesson.action_hint in _STYLES]
        return tuple(self._style(lesson) for lesson in self._ranked(about))

    def _ranked(self, lessons: Iterable[Lesson]) -> tuple[Lesson, ...]:
        return tuple(sorted(lessons, key=lambda lesson: (-self._weight(lesson), str(lesson.lesson))))

    def _weight(self, lesson: Lesson) -> float:
        return weight(lesson, self._at or lesson.known_from)

    def _style(self, lesson: Lesson) -> StyleLesson:
        style = cast(Literal["maker", "taker", "sliced"], _STYLES[lesson.action_hint])
        return StyleLesson(
            lesson=lesson.lesson,
            style=style,
            predicate=lesson.predicate,
            saved_bps=lesson.claim or 0.0,
            weight=self._weight(lesson),
        )


EMPTY = Snapshot()


class Shelf:
    """One snapshot a minute, as of the minute before: the order of modules cannot matter."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._snapshot = EMPTY

    async def at(self, desk: Desk) -> Snapshot:
        """What a module that thinks at this desk may know."""
        if self._at != desk.now:
            self._snapshot = await in_force(desk)
            self._at = desk.now
        return self._snapshot


async def in_force(desk: Desk) -> Snapshot:
    """The lessons in force a minute before."""
    at = desk.now - MINUTE
    rows = await desk.tables.look("lesson.in_force", at=iso(at))
    return Snapshot([lesson_of(row["content"]) for row in rows], at) if rows else EMPTY


def weight(lesson: Lesson, at: datetime) -> float:
    """Shrunk effect × freshness of its evidence; an effect is as strong below zero as above."""
    newest = lesson.confirmation_to or lesson.known_from
    age_days = max((at - newest) / timedelta(days=1), 0.0)
    return float(abs(lesson.shrunk_mean or 0.0) * 2.0 ** (-age_days / HALF_LIFE_DAYS))


def matching_styles(lessons: Iterable[StyleLesson], facts: Facts) -> tuple[StyleLesson, ...]:
    """Of the lessons of execution, those that speak of such an order, in their order."""
    return tuple(lesson for lesson in lessons if holds(lesson.predicate, facts) is True)


def _settled(found: list[Lesson]) -> list[Lesson]:
    """Undecided opponents are both left out; of decided ones the one that yields."""
    if len(found) < 2:
        return found
    names = {lesson.lesson for lesson in found}
    return [lesson for lesson in found if not names & {*lesson.contradicts, *lesson.yields_to}]
