"""decision_maker.breaker: puts halts into force and, when a person says so, takes them back."""

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Said, Strand, Write
from strandloom.kinds.decision import HaltOrder, ResumeOrder
from strandloom.kinds.system import HaltWanted
from strandloom.risk import standing as standings
from strandloom.teams.decision_maker import tables

PROBATION = "probation"
DRAWDOWN = "drawdown"


class Breaker:
    """The circuit breaker: what is in force lies in a table, so that a restart forgets none."""

    name = "decision_maker.breaker"
    reads = ("dm:halt", "dm:resume", "system:halt_wanted")

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if isinstance(body, HaltOrder):
            halt = tables.set_halt(body.rule, body.symbol, body.reason, body.by, strand.at, strand.id)
            return Said(writes=(halt,))
        if isinstance(body, HaltWanted):
            halt = tables.set_halt("kill_switch", None, body.reason, "network", strand.at, strand.id)
            return Said(writes=(halt,))
        if isinstance(body, ResumeOrder):
            return await self._resume(body, desk)
        return NOTHING

    async def _resume(self, body: ResumeOrder, desk: Desk) -> Said:
        """A release: of a halt, of a latched drawdown, or of one level of a symbol's probation."""
        writes: list[Write] = [tables.clear_halt(body.rule, body.symbol)]
        standing, version = tables.standing_of(await desk.tables.look("risk.state", account=tables.ACCOUNT))
        if standing is None:
            return Said(writes=tuple(writes))
        if body.rule == DRAWDOWN:
            writes.append(tables.put_standing(standings.release_drawdown(standing), version))
        elif body.rule == PROBATION and body.symbol is not None:
            writes.append(tables.put_standing(standings.release_symbol(standing, body.symbol), version))
        return Said(writes=tuple(writes))
