"""Contradiction: lessons of opposite sign about the same forecasts; where undecided, neither is used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import numpy as np

from strandloom.kinds.lesson import Lesson
from strandloom.learning.lessons.sight import block_s
from strandloom.learning.lessons.trail import Trail
from strandloom.scoring import gate

ENOUGH_BLOCKS = 20
BELIEVED = 0.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """Two lessons that overlap, and which of them gives way where both match; None: undecided."""

    one: UUID
    other: UUID
    yields: UUID | None


def verdicts(lessons: Sequence[Lesson], trails: Mapping[UUID, Trail]) -> Iterator[Verdict]:
    """One per pair of opposite sign with outcomes in common."""
    for positive in (lesson for lesson in lessons if lesson.status == "active"):
        for negative in (lesson for lesson in lessons if lesson.status == "contraindicated"):
            if _comparable(positive, negative):
                found = _verdict(positive, negative, trails)
                if found is not None:
                    yield found


def settled(lessons: Sequence[Lesson], found: Sequence[Verdict], now: datetime) -> list[Lesson]:
    """The lessons whose opponents are others than before, as they stand from now on."""
    moved = []
    for lesson in lessons:
        mine = [v for v in found if lesson.lesson in (v.one, v.other)]
        against = tuple(sorted((_opponent(v, lesson) for v in mine if v.yields is None), key=str))
        yields = tuple(sorted((_opponent(v, lesson) for v in mine if v.yields == lesson.lesson), key=str))
        if (against, yields) != (lesson.contradicts, lesson.yields_to):
            moved.append(
                replace(
                    lesson,
                    revision=lesson.revision + 1,
                    reason="contradicted" if against else "decided",
                    contradicts=against,
                    yields_to=yields,
                    known_from=now,
                )
            )
    return moved


def _comparable(one: Lesson, other: Lesson) -> bool:
    if one.family != other.family:
        return False
    return one.family != "execution" or one.action_hint == other.action_hint


def _opponent(verdict: Verdict, lesson: Lesson) -> UUID:
    return verdict.other if verdict.one == lesson.lesson else verdict.one


def _verdict(one: Lesson, other: Lesson, trails: Mapping[UUID, Trail]) -> Verdict | None:
    """The narrower is believed where they overlap, if what is there differs from the rest of the wider."""
    wide, narrow = sorted((one, other), key=lambda x: -len(trails[x.lesson].predictions))
    inside = set(trails[narrow.lesson].predictions)
    both_count = max(one.registered_at, other.registered_at).timestamp()
    trail = trails[wide.lesson].after(both_count)
    shared = np.array([name in inside for name in trail.predictions], dtype=np.bool_)
    if not shared.any():
        return None
    length = block_s(wide)
    within, outside = trail.only(shared), trail.only(~shared)
    a, b = within.sample(within.excess, length), outside.sample(outside.excess, length)
    decided = min(a.n, b.n) >= ENOUGH_BLOCKS and gate.p_differ(a, b) <= BELIEVED
    return Verdict(one.lesson, other.lesson, wide.lesson if decided else None)
