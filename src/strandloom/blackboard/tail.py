"""Following the board as it grows: every new strand once, oldest first, late commits included."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from strandloom.basics.clock import Clock
from strandloom.blackboard.board import READ_LIMIT, Past, Place, Search
from strandloom.blackboard.strand import Strand

_OVERLAP = timedelta(seconds=5)  # how late a transaction may commit what it stamped earlier


class Tail:
    """A look at the newest strands that remembers what it has shown."""

    def __init__(self, past: Past, search: Search, clock: Clock) -> None:
        self._past = past
        self._search = search
        self._clock = clock
        self._shown: dict[UUID, None] = {}

    async def last(self, count: int) -> Sequence[Strand]:
        """Begin: the newest strands there are already; the rest of them is not shown later either."""
        await self.new()
        newest = await self._past.find(self._search, limit=count)
        self._shown |= dict.fromkeys(strand.id for strand in newest.strands)
        return newest.strands[::-1]

    async def new(self) -> Sequence[Strand]:
        """What has come since the last call, oldest first."""
        recent = replace(self._search, since=self._clock.wall() - _OVERLAP)
        found: list[Strand] = []
        place: Place | None = None
        while True:
            page = await self._past.find(recent, after=place, limit=READ_LIMIT)
            found += page.strands
            place = page.next
            if place is None:
                break
        fresh = [strand for strand in reversed(found) if strand.id not in self._shown]
        self._shown = dict.fromkeys(strand.id for strand in found)
        return fresh
