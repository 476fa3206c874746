"""Bounded reads over the SQL functions; the same for every database board."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from strandloom.blackboard import rows, tags
from strandloom.blackboard.board import READ_LIMIT, Page, Place, Search, Unacceptable
from strandloom.blackboard.functions import Functions, Row
from strandloom.blackboard.strand import Strand
from strandloom.blackboard.writes import look_named


class SqlPast:
    """The reading half of the port."""

    near = False

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    async def get(self, strand_id: UUID) -> Strand | None:
        found = _strands(await self._functions.rows("get", p_id=_plain(strand_id)))
        return found[0] if found else None

    async def chain(self, lifecycle: UUID, *, limit: int = 200) -> Sequence[Strand]:
        return _strands(await self._functions.rows("chain", p_lifecycle=_plain(lifecycle), p_limit=limit))

    async def latest(self, kind: str, *, symbol: str | None = None, limit: int = 1) -> Sequence[Strand]:
        return _strands(await self._functions.rows("latest", p_kind=kind, p_symbol=symbol, p_limit=limit))

    async def parents(self, strand_id: UUID) -> Sequence[Strand]:
        return _strands(await self._functions.rows("parents", p_id=_plain(strand_id)))

    async def children(self, strand_id: UUID, *, limit: int = 200) -> Sequence[Strand]:
        return _strands(await self._functions.rows("children", p_id=_plain(strand_id), p_limit=limit))

    async def find(self, search: Search, *, after: Place | None = None, limit: int = 100) -> Page:
        limit = max(0, min(limit, READ_LIMIT))
        if search.tag is not None and tags.pattern_problem(search.tag):
            return Page((), None)
        found = _strands(
            await self._functions.rows(
                "find",
                p_tag=search.tag,
                p_kind=search.kind,
                p_module=search.module,
                p_symbol=search.symbol,
                p_since=search.since,
                p_until=search.until,
                p_before_at=after.created_at if after else None,
                p_before_seq=after.seq if after else None,
                p_limit=limit,
            )
        )
        if len(found) <= limit:
            return Page(found, None)
        last = found[limit - 1]
        return Page(found[:limit], Place(last.created_at, last.seq))

    async def look(self, name: str, **values: Any) -> Sequence[dict[str, Any]]:
        if look_named(name) is None:
            raise Unacceptable("look", f"{name!r} is not a registered look")
        found = await self._functions.rows("look", p_name=name, p_values=values)
        return [dict(row["found"]) for row in found]


def _plain(value: UUID) -> UUID:
    return UUID(int=value.int)


def _strands(found: Sequence[Row]) -> tuple[Strand, ...]:
    return tuple(rows.load(row) for row in found)
