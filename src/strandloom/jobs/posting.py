"""How a slot goes onto the board: one strand whose id follows from job and slot, and its row of history."""

from collections.abc import Mapping
from typing import Any

from strandloom.basics import ids
from strandloom.blackboard.cause import Cause, root
from strandloom.blackboard.strand import Draft, Write
from strandloom.blackboard.tables import Tables
from strandloom.blackboard.writes import write
from strandloom.jobs.timetable import Slot
from strandloom.kinds.job import Job

MODULE = "jobs.timetable"


def cause(slot: Slot) -> Cause:
    """Why it is posted: whoever posts the slot posts the same strand."""
    return root(MODULE, slot.at, f"{slot.job}:{slot.at.isoformat()}")


def draft(slot: Slot, *, by_person: bool = False) -> Draft:
    """The strand that the module which does the work reads."""
    body = Job(job=slot.job, slot=slot.at, by="person" if by_person else "timetable")
    return Draft(body=body, tags=(f"system:job:{slot.job}",))


def run(slot: Slot, holder: str) -> Write:
    """The slot's row, in the same transaction: the first who writes it has posted it."""
    why = cause(slot)
    strand = ids.strand_id(slot.at, str(why.key), MODULE, "job", 0)
    values = {"job": slot.job, "slot": slot.at.isoformat(), "strand": str(strand), "holder": holder}
    return Write(name="job.run", values=values)


@write("job.run")
def _in_memory(tables: Tables, values: Mapping[str, Any]) -> bool:
    runs, key = tables["job_runs"], (values["job"], values["slot"])
    if key not in runs:
        runs.put(key, dict(values))
    return True
