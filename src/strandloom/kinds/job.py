"""`job`: a slot of the timetable has come, or a person asked for it now.

Posted by jobs.timetable and by people (`strandloom learn now`); read by the module that does the work.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from strandloom.kinds.registry import Body, kind


@kind(
    "job",
    posted_by="jobs.timetable, people",
    read_by="the module that does the work",
    tags=("system:job:<name>",),
    starts_lifecycle=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Body):
    """One piece of regular work, for one slot of market time; the same slot is the same strand."""

    job: str  # reconcile, report, look, nightly …
    slot: datetime  # market time
    by: Literal["timetable", "person"] = "timetable"
