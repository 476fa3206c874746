"""What the parts beside the modules need of a board: to look, and to post when something is to be done."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.strand import Draft, Strand, Write


class Watching(Protocol):
    """A board as those parts see it; every board is one."""

    async def look(self, name: str, **values: Any) -> Sequence[dict[str, Any]]: ...

    async def get(self, strand_id: UUID) -> Strand | None: ...

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]: ...
