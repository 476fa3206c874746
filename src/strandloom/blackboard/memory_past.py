"""The past of a board in memory behind the asynchronous port that modules read through."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from strandloom.blackboard.board import Page, Place, Search
from strandloom.blackboard.slate import Slate
from strandloom.blackboard.strand import Strand


class MemoryPast:
    """Bounded reads, answered at once."""

    near = True

    def __init__(self, slate: Slate[Any]) -> None:
        self._slate = slate
        self._archive = slate.archive

    async def get(self, strand_id: UUID) -> Strand | None:
        return self._archive.get(strand_id)

    async def chain(self, lifecycle: UUID, *, limit: int = 200) -> Sequence[Strand]:
        return self._archive.chain(lifecycle, limit)

    async def latest(self, kind: str, *, symbol: str | None = None, limit: int = 1) -> Sequence[Strand]:
        return self._archive.latest(kind, symbol, limit)

    async def parents(self, strand_id: UUID) -> Sequence[Strand]:
        return self._archive.parents(strand_id)

    async def children(self, strand_id: UUID, *, limit: int = 200) -> Sequence[Strand]:
        return self._archive.children(strand_id, limit)

    async def find(self, search: Search, *, after: Place | None = None, limit: int = 100) -> Page:
        return self._archive.find(search, after, limit)

    async def look(self, name: str, **values: Any) -> Sequence[dict[str, Any]]:
        return self._slate.look(name, values)
