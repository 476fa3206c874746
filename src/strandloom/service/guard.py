"""The named write that holds a transaction to the leader of a role: a deposed one changes nothing."""

from collections.abc import Mapping
from typing import Any

from strandloom.blackboard.strand import Write
from strandloom.blackboard.tables import Tables
from strandloom.blackboard.writes import write


def hold(role: str, process: str, epoch: int) -> Write:
    """True while that process leads that role in that epoch."""
    return Write(name="role.hold", values={"role": role, "process": process, "epoch": epoch})


@write("role.hold")
def _in_memory(tables: Tables, values: Mapping[str, Any]) -> bool:
    """A board in memory belongs to one process."""
    return True
