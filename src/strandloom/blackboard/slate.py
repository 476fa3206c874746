"""The posting half of a board in memory: accept, write, keep, and hand on to whoever asked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from strandloom.blackboard import accept, rows, tags
from strandloom.blackboard.archive import Archive
from strandloom.blackboard.board import ConditionFailed, Unacceptable
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.router import Router
from strandloom.blackboard.strand import Draft, Strand, Write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look_named, write_named

T = TypeVar("T")


class Slate(Generic[T]):
    """Strands and tables.  `deliver` gives a new strand to a target that `want` named.

    `strict` also checks what only a database would refuse.
    """

    def __init__(
        self,
        wall: Callable[[], datetime],
        deliver: Callable[[T, Strand], None],
        *,
        strict: bool = False,
        hop_limit: int = accept.HOP_LIMIT,
    ) -> None:
        self.tables = Tables()
        self.archive = Archive()
        self.wall = wall
        self._deliver = deliver
        self._strict = strict
        self._hop_limit = hop_limit
        self._router: Router[T] = Router()
        self._seq = 0

    def want(self, consumer: str, patterns: tuple[str, ...], target: T) -> None:
        """From now on strands of these patterns go to the target."""
        self._router.want(consumer, patterns, target)

    def forget(self, consumer: str) -> None:
        self._router.forget(consumer)

    def post(self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()) -> tuple[UUID, ...]:
        """Post and write, or do nothing; the ids of the strands that were not there yet."""
        strands = self.accept(drafts, cause) if drafts else ()
        if writes:
            self.apply(writes)
        return tuple([strand.id for strand in strands if self.put_up(strand)])

    def accept(self, drafts: Sequence[Draft], cause: Cause) -> list[Strand]:
        """The strands of these drafts, checked and numbered, not yet on the board."""
        strands = accept.strands(
            drafts,
            cause,
            known=self.archive.known,
            wall=self.wall(),
            seq=self._seq + 1,
            hop_limit=self._hop_limit,
        )
        self._seq += len(strands)
        if self._strict:
            for strand in strands:
                rows.dump(strand)
        return strands

    def apply(self, writes: Sequence[Write]) -> None:
        """All of the writes, or none."""
        try:
            for write in writes:
                self._apply(write)
        except BaseException:
            self.tables.rollback()
            raise
        self.tables.commit()

    def put_up(self, strand: Strand) -> bool:
        """Keep it and hand it on; False when it was there."""
        if not self.archive.add(strand):
            return False
        for target in self._router.targets(strand.module, strand.tags):
            self._deliver(target, strand)
        return True

    def look(self, name: str, values: Mapping[str, Any]) -> Sequence[Row]:
        named = look_named(name)
        if named is None:
            raise Unacceptable("look", f"{name!r} is not a registered look")
        return named.in_memory(self.tables, values)

    def _apply(self, write: Write) -> None:
        named = write_named(write.name)
        if named is None:
            raise Unacceptable("writes", f"{write.name!r} is not a registered write")
        if not named.in_memory(self.tables, write.values):
            raise ConditionFailed(write.name)


def check_patterns(patterns: Sequence[str]) -> None:
    """Refuse a subscription that asks outside the grammar."""
    for pattern in patterns:
        if problem := tags.pattern_problem(pattern):
            raise Unacceptable("patterns", problem)
