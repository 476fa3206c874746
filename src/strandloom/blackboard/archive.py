"""What was ever posted, in memory: the strands themselves, tombstones of pruned ones, and bounded reads."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from strandloom.blackboard import tags
from strandloom.blackboard.accept import Known
from strandloom.blackboard.board import READ_LIMIT, Page, Place, Search
from strandloom.blackboard.index import Index
from strandloom.blackboard.strand import Strand


class Tombstone(NamedTuple):
    """What is left of a pruned strand."""

    kind: str
    lifecycle: UUID
    hop: int


class Archive:
    """Strands in order of seq."""

    def __init__(self) -> None:
        self._by_id: dict[int, Strand] = {}
        self._tombstones: dict[int, Tombstone] = {}
        self._log: list[Strand] = []
        self._chains = Index(self._log, lambda strand: (strand.lifecycle,))
        self._kinds = Index(self._log, _kinds)
        self._children = Index(self._log, lambda strand: strand.parents)
        self._indexes: tuple[Index[Any], ...] = (self._chains, self._kinds, self._children)

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def tombstones(self) -> int:
        return len(self._tombstones)

    def add(self, strand: Strand) -> bool:
        """Keep a strand; False when it is there already, or was."""
        number = strand.id.int
        if number in self._by_id or number in self._tombstones:
            return False
        self._by_id[number] = strand
        self._log.append(strand)
        return True

    def forget_last(self, count: int) -> None:
        """Drop the newest strands without a trace; for those that nothing will ever refer to."""
        for _ in range(count):
            strand = self._log.pop()
            del self._by_id[strand.id.int]
            for index in self._indexes:
                index.forget(strand)

    def known(self, strand_id: UUID) -> Known | None:
        """What is remembered of a strand, pruned or not."""
        return self._by_id.get(strand_id.int) or self._tombstones.get(strand_id.int)

    def get(self, strand_id: UUID) -> Strand | None:
        return self._by_id.get(strand_id.int)

    def chain(self, lifecycle: UUID, limit: int) -> Sequence[Strand]:
        return self._chains.at(lifecycle)[: _bounded(limit)]

    def latest(self, kind: str, symbol: str | None, limit: int) -> Sequence[Strand]:
        return tuple(self._kinds.at((kind, symbol))[: -_bounded(limit) - 1 : -1])

    def parents(self, strand_id: UUID) -> Sequence[Strand]:
        strand = self.get(strand_id)
        found = () if strand is None else tuple(self.get(parent) for parent in strand.parents)
        return tuple(parent for parent in found if parent is not None)

    def children(self, strand_id: UUID, limit: int) -> Sequence[Strand]:
        return self._children.at(strand_id)[: _bounded(limit)]

    def all(self) -> Iterator[Strand]:
        """Every strand that is still there, in the order of seq."""
        return iter(self._by_id.values())

    def since(self, at: datetime) -> Iterator[Strand]:
        """Strands created from then on, oldest first."""
        return (strand for strand in self._by_id.values() if strand.created_at >= at)

    def find(self, search: Search, after: Place | None, limit: int) -> Page:
        wanted = (strand for strand in reversed(self._by_id.values()) if _matches(strand, search, after))
        limit = _bounded(limit)
        found = tuple(islice(wanted, limit + 1))
        if len(found) <= limit:
            return Page(found, None)
        last = found[limit - 1]
        return Page(found[:limit], Place(last.created_at, last.seq))

    def prune(self, before: datetime, keep: Collection[int], limit: int) -> int:
        """Bury strands created before then, except those to keep (ids as numbers)."""
        old = (n for n, strand in self._by_id.items() if strand.created_at < before and n not in keep)
        buried = list(islice(old, limit))
        for number in buried:
            strand = self._by_id.pop(number)
            self._tombstones[number] = Tombstone(strand.kind, strand.lifecycle, strand.hop)
        if buried:
            self._log[:] = self._by_id.values()
            for index in self._indexes:
                index.anew()
        return len(buried)


def _kinds(strand: Strand) -> tuple[tuple[str, str | None], ...]:
    if strand.symbol is None:
        return ((strand.kind, None),)
    return (strand.kind, None), (strand.kind, strand.symbol)


def _bounded(limit: int) -> int:
    return max(0, min(limit, READ_LIMIT))


def _matches(strand: Strand, search: Search, after: Place | None) -> bool:
    return (
        (after is None or (strand.created_at, strand.seq) < (after.created_at, after.seq))
        and (search.since is None or strand.created_at >= search.since)
        and (search.until is None or strand.created_at < search.until)
        and (search.kind is None or strand.kind == search.kind)
        and (search.module is None or strand.module == search.module)
        and (search.symbol is None or strand.symbol == search.symbol)
        and (search.tag is None or tags.match((search.tag,), strand.tags))
    )
