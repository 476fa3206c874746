"""Patterns that were announced and have not ended: what a detector has said, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from strandloom.basics.quick import quick
from strandloom.blackboard.strand import Strand
from strandloom.kinds.pattern import Pattern


class Place(NamedTuple):
    """Which pattern where."""

    name: str
    timeframe: str
    symbol: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it was announced."""

    onset: UUID
    since: datetime
    direction: int
    told_sd: float  # the strength last told

    def again(self, strength_sd: float) -> "Standing":
        """Told once more."""
        return replace(self, told_sd=strength_sd)


def still_standing(strands: Iterable[Strand]) -> dict[Place, Standing]:
    """What a module's own patterns, in any order, leave standing."""
    standing: dict[Place, Standing] = {}
    for strand in sorted(strands, key=lambda strand: (strand.at, strand.seq)):
        body = strand.body
        if not isinstance(body, Pattern):
            continue
        place = Place(body.name, body.timeframe, body.symbol)
        if body.phase == "onset":
            direction = {"up": 1, "down": -1, None: 1}[body.direction]
            standing[place] = Standing(
                onset=strand.id, since=body.since, direction=direction, told_sd=body.strength_sd
            )
        elif body.phase == "end":
            standing.pop(place, None)
        elif place in standing:
            standing[place] = standing[place].again(body.strength_sd)
    return standing
