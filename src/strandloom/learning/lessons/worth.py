"""What lessons were worth: chains that were shown them against chains that were held out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from strandloom.blackboard.desk import Looks
from strandloom.kinds.lesson import Lesson
from strandloom.scoring.lift import Lift, lift

BLOCK_S = 8 * 3_600


async def pooled(looks: Looks) -> Lift | None:
    """Over all lessons together."""
    return of_rows(await looks.look("lesson.lift"))


async def of_lesson(looks: Looks, lesson: UUID) -> Lift | None:
    """Of the chains that one lesson spoke of."""
    return of_rows(await looks.look("lesson.lift", lesson=str(lesson)))


def of_rows(rows: Sequence[Mapping[str, Any]]) -> Lift | None:
    """From the rows of the look `lesson.lift`."""
    opened = np.array([_seconds(row["opened_at"]) for row in rows], dtype=np.int64)
    value = np.array([row["r_bps"] if row["taken"] else 0.0 for row in rows], dtype=np.float64)
    held_out = np.array([row["held_out"] for row in rows], dtype=np.bool_)
    return lift(opened, value, held_out, BLOCK_S)


def tells(lesson: Lesson, found: Lift | None) -> bool:
    """A single lesson's lift is told once its interval is narrower than the claim."""
    return found is not None and found.high - found.low < abs(lesson.claim or 0.0)


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
