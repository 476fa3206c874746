"""The whole story of one strand: what led to it, and what it led to, as a tree."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from strandloom.blackboard.board import Past
from strandloom.blackboard.strand import Strand

LIMIT = 500  # strands in one story


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A strand and whatever is connected with it by causes."""

    subject: UUID
    strands: dict[UUID, Strand]
    cut_short: bool  # there were more than the limit


class Line(NamedTuple):
    """One strand of the tree: the branches before it, and the parents it has beside the one above."""

    branches: str
    strand: Strand
    also_from: tuple[UUID, ...]


async def tell(past: Past, strand_id: UUID, *, limit: int = LIMIT) -> Story | None:
    """The ancestors and the descendants of a strand; None when it does not exist."""
    subject = await past.get(strand_id)
    if subject is None:
        return None
    strands = {subject.id: subject}
    complete = await _climb(past, subject, strands, limit)
    complete &= await _descend(past, subject, strands, limit)
    return Story(subject=strand_id, strands=strands, cut_short=not complete)


def lines(story: Story) -> Iterator[Line]:
    """The tree from the top, one line per strand: each stands under the first parent that is shown."""
    under: dict[UUID | None, list[Strand]] = defaultdict(list)
    for strand in sorted(story.strands.values(), key=lambda strand: strand.seq):
        under[next((parent for parent in strand.parents if parent in story.strands), None)].append(strand)
    for root in under[None]:
        yield from _branch(under, root, "", "", None)


async def _climb(past: Past, subject: Strand, strands: dict[UUID, Strand], limit: int) -> bool:
    level = [subject]
    while level:
        above = [parent for strand in level for parent in await past.parents(strand.id)]
        level = _added(above, strands, limit)
        if len(strands) >= limit:
            return False
    return True


async def _descend(past: Past, subject: Strand, strands: dict[UUID, Strand], limit: int) -> bool:
    level = [subject]
    while level:
        below = [child for strand in level for child in await past.children(strand.id, limit=limit)]
        level = _added(below, strands, limit)
        if len(strands) >= limit:
            return False
    return True


def _added(found: list[Strand], strands: dict[UUID, Strand], limit: int) -> list[Strand]:
    """Those of the found that are new, as many as there is room for."""
    new = {strand.id: strand for strand in found if strand.id not in strands}
    kept = list(new.values())[: max(0, limit - len(strands))]
    strands.update((strand.id, strand) for strand in kept)
    return kept


def _branch(
    under: dict[UUID | None, list[Strand]], strand: Strand, here: str, below: str, above: UUID | None
) -> Iterator[Line]:
    yield Line(here, strand, tuple(parent for parent in strand.parents if parent != above))
    children = under.get(strand.id, [])
    for child in children:
        fork, stem = ("└─ ", "   ") if child is children[-1] else ("├─ ", "│  ")
        yield from _branch(under, child, below + fork, below + stem, strand.id)
