"""jobs.keeper: packs and forgets old bars, and lets old strands go, when the timetable says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Said, Strand, Write
from strandloom.blackboard.tables import Tables
from strandloom.blackboard.writes import write
from strandloom.kinds.job import Job

STRANDS_AT_ONCE = 10_000  # the next slot takes more
DAYS_AT_ONCE = 60  # of one symbol each


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long things are kept, in days of market time."""

    strands_days: int
    bars_pack_after_days: int
    bars_days: int


class Keeper:
    """Its work is done by the database, in the transaction that settles the job."""

    name = "jobs.keeper"
    reads = ("system:job:prune", "system:job:roll_up")

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        if not isinstance(strand.body, Job):
            return NOTHING
        return Said(writes=(self._prune(strand) if strand.body.job == "prune" else self._roll_up(strand),))

    def _prune(self, strand: Strand) -> Write:
        before = strand.at - timedelta(days=self._keeping.strands_days)
        return Write(name="board.prune", values={"before": before.isoformat(), "limit": STRANDS_AT_ONCE})

    def _roll_up(self, strand: Strand) -> Write:
        pack = strand.at - timedelta(days=self._keeping.bars_pack_after_days)
        forget = strand.at - timedelta(days=self._keeping.bars_days)
        values = {"pack_before": str(pack.date()), "forget_before": str(forget.date()), "limit": DAYS_AT_ONCE}
        return Write(name="market.tidy", values=values)


@write("board.prune")
def _keep_strands(tables: Tables, values: Mapping[str, Any]) -> bool:
    """What lives in memory ends with its process: nothing there is old enough to be let go."""
    return True


@write("market.tidy")
def _keep_bars(tables: Tables, values: Mapping[str, Any]) -> bool:
    """The bars of a replay lie in its panel."""
    return True
