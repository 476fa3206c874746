"""Which strand told a lesson as it is in force: what leans on the lesson names that strand as a cause."""

from collections.abc import Iterable
from uuid import UUID

from strandloom.blackboard.desk import Desk
from strandloom.kinds.lesson import IN_FORCE, Lesson

LOOKED_AT = 1_000  # newest lesson strands


class Tellings:
    """Looks a lesson up when it is first met; in force it is told once, until something about it changes."""

    def __init__(self) -> None:
        self._strand: dict[UUID, UUID] = {}

    async def strands(self, lessons: Iterable[UUID], desk: Desk) -> tuple[UUID, ...]:
        """The strands of these lessons, in their order; one that was pruned is left out."""
        wanted = tuple(lessons)
        if any(lesson not in self._strand for lesson in wanted):
            await self._look(desk)
        return tuple(self._strand[lesson] for lesson in wanted if lesson in self._strand)

    async def _look(self, desk: Desk) -> None:
        for strand in reversed(await desk.board.latest("lesson", limit=LOOKED_AT)):
            body = strand.body
            if isinstance(body, Lesson) and body.status in IN_FORCE and strand.at < desk.now:
                self._strand.setdefault(body.lesson, strand.id)
