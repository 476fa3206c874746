"""How lessons are written to their tables and read from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from strandloom.basics.ids import named_id
from strandloom.blackboard.desk import Looks
from strandloom.blackboard.strand import Write
from strandloom.kinds import registry
from strandloom.kinds.lesson import Lesson
from strandloom.learning.lessons.match import identity
from strandloom.learning.lessons.tables import PAGE

_LESSON = registry.known(Lesson)


def register(body: Lesson) -> Write:
    """Write a candidate down, before a single confirming outcome exists."""
    return Write(
        name="lesson.register",
        values={
            "lesson": str(body.lesson),
            "identity": identity_of(body),
            "registered_at": body.registered_at.isoformat(),
            "version": body.version,
            "content": _LESSON.dump(body),
        },
    )


def move(body: Lesson) -> Write:
    """A lesson's next state; refused when somebody else moved it meanwhile."""
    values = {"lesson": str(body.lesson), "revision": body.revision, "content": _LESSON.dump(body)}
    return Write(name="lesson.move", values=values)


def use(prediction: UUID, lessons: Sequence[UUID], *, held_out: bool, at: datetime) -> Write:
    """A lesson in force spoke of this forecast."""
    values = {"prediction": str(prediction), "lessons": [str(name) for name in lessons]}
    return Write(name="lesson.use", values={**values, "held_out": held_out, "at": at.isoformat()})


def taken(prediction: UUID) -> Write:
    """A trade on this forecast was allowed."""
    return Write(name="lesson.taken", values={"prediction": str(prediction)})


def identity_of(body: Lesson) -> str:
    """The same for every version of a statement."""
    return identity(body.predicate, body.horizon_s, body.family, body.action_hint)


def lesson_id(statement: str, version: int) -> UUID:
    """The same statement and version is the same lesson, whoever registers it."""
    return named_id("lesson", f"{statement}:{version}")


def lesson_of(content: Mapping[str, Any]) -> Lesson:
    """A lesson from its row's content; a row never changes, so it is read once."""
    return _read(_Row(content))


async def all_now(looks: Looks, status: Sequence[str] | None = None) -> list[Lesson]:
    """Every lesson as it stands now, by id."""
    found: list[Lesson] = []
    after: str | None = None
    while rows := await looks.look("lesson.now", status=status, after=after, limit=PAGE):
        found += [lesson_of(row["content"]) for row in rows]
        after = str(rows[-1]["lesson"])
    return found


class _Row:
    """A row's content that can be looked up by lesson and revision."""

    __slots__ = ("content", "key")

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.key = (content["lesson"], content["revision"], content["known_from"], content["status"])

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Row) and self.content == other.content


@lru_cache(maxsize=4_096)
def _read(row: _Row) -> Lesson:
    body = _LESSON.load(dict(row.content), _LESSON.version)
    assert isinstance(body, Lesson)  # noqa: S101 - its kind's body
    return body
