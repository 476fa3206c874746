"""What the keeper of a board does by hand, over the SQL functions; the same for every database board."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from strandloom.blackboard.delivery import DeadLetter, Queue
from strandloom.blackboard.functions import Functions, Row


class SqlKeeping:
    """The keeper's part of the port."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    async def queues(self) -> Sequence[Queue]:
        return [Queue(**row) for row in await self._functions.rows("queues")]

    async def dead(self, *, consumer: str | None = None, limit: int = 100) -> Sequence[DeadLetter]:
        found = await self._functions.rows("dead", p_consumer=consumer, p_limit=limit)
        return [_letter(row) for row in found]

    async def revive(self, consumer: str, seq: int) -> bool:
        return bool(await self._functions.value("revive", p_consumer=consumer, p_seq=seq))

    async def drop(self, consumer: str, seq: int) -> bool:
        return bool(await self._functions.value("drop", p_consumer=consumer, p_seq=seq))

    async def prune(self, before: datetime, *, limit: int = 10_000) -> int:
        return int(await self._functions.value("prune", p_before=before, p_limit=limit))

    async def counts(self) -> Mapping[str, int]:
        (row,) = await self._functions.rows("counts")
        return dict(row)


def _letter(row: Row) -> DeadLetter:
    died_at, strand_id = row["died_at"], row["strand_id"]
    return DeadLetter(
        consumer=row["consumer"],
        seq=row["seq"],
        strand_id=UUID(strand_id) if isinstance(strand_id, str) else UUID(int=strand_id.int),
        attempts=row["attempts"],
        error=row["last_error"],
        died_at=datetime.fromisoformat(died_at) if isinstance(died_at, str) else died_at,
    )
