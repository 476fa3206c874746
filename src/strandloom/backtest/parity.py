"""Two tellings of the same minutes, strand by strand: what the first difference is, with both versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final
from uuid import UUID

from strandloom.blackboard.strand import Strand

MAY_BE_LEFT_OUT: Final = frozenset({"heartbeat", "job"})  # a replay keeps only those that were answered
OUTSIDE: Final = frozenset({"seq", "created_at"})  # when and in which row it was written, not what was said
_COMPARED: Final = tuple(field.name for field in fields(Strand) if field.name not in OUTSIDE)

Told = Mapping[UUID, Strand]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first strand, in market time, that both do not have alike; None is a side that lacks it."""

    one: Strand | None
    other: Strand | None
    differs_in: tuple[str, ...] = ()

    @property
    def strand(self) -> Strand:
        """Whichever there is."""
        found = self.one or self.other
        assert found is not None  # noqa: S101 - one of them is
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How much of both is the same, and where it ends."""

    same: int
    only_one: int
    only_other: int
    different: int
    first: Difference | None


def compare(one: Iterable[Strand], other: Iterable[Strand]) -> Compared:
    """Kinds, contents, parents and ids; order counts within a lifecycle only, see `in_order`."""
    left, right = _by_id(one), _by_id(other)
    differences = [found for name in {**left, **right} if (found := _difference(name, left, right))]
    missing = [found for found in differences if not found.differs_in]
    return Compared(
        same=len({**left, **right}) - len(differences),
        only_one=sum(found.other is None for found in missing),
        only_other=sum(found.one is None for found in missing),
        different=len(differences) - len(missing),
        first=min(
            differences, key=lambda found: (found.strand.at, found.strand.hop, found.strand.id), default=None
        ),
    )


def in_order(strands: Iterable[Strand]) -> dict[UUID, list[UUID]]:
    """Of every lifecycle the ids in the order of the board: the order that every consumer may rely on."""
    chains: dict[UUID, list[UUID]] = {}
    for strand in sorted(strands, key=lambda strand: strand.seq):
        if strand.kind not in MAY_BE_LEFT_OUT:
            chains.setdefault(strand.lifecycle, []).append(strand.id)
    return chains


def shown(strand: Strand | None) -> dict[str, Any]:
    """One side of a difference, for people."""
    if strand is None:
        return {"there": "nothing"}
    return {
        name: str(getattr(strand, name)) for name in ("id", "at", "module", "kind", "tags", "parents", "body")
    }


def _by_id(strands: Iterable[Strand]) -> Told:
    return {strand.id: strand for strand in strands if strand.kind not in MAY_BE_LEFT_OUT}


def _difference(name: UUID, left: Told, right: Told) -> Difference | None:
    one, other = left.get(name), right.get(name)
    if one is None or other is None:
        return Difference(one=one, other=other)
    unlike = tuple(field for field in _COMPARED if getattr(one, field) != getattr(other, field))
    return Difference(one=one, other=other, differs_in=unlike) if unlike else None
