"""decision_maker.limits: takes a changed file of limits over, and says what changed."""

from strandloom.blackboard.desk import Ahead, Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.limits import LimitChange, LimitsChanged
from strandloom.risk.watch import LimitsInForce


class LimitsKeeper:
    """Looks at the file with every heartbeat."""

    name = "decision_maker.limits"
    reads = ("market:heartbeat",)

    def __init__(self, limits: LimitsInForce) -> None:
        self._limits = limits

    async def wakes(self, ahead: Ahead, desk: Desk) -> int:
        """Known minutes change no file."""
        return ahead.stop

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        change = self._limits.look()
        if change is None:
            return NOTHING
        changes = tuple(
            LimitChange(limit=name, before=before, after=after)
            for name, (before, after) in sorted(change.changed.items())
        )
        body = LimitsChanged(changes=changes, problem=change.problem)
        return Said(drafts=(Draft(body=body, tags=("dm:limits_changed",)),))
