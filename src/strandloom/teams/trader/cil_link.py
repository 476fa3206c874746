"""trader.cil_link: gives back to the network what trading taught: findings and ways of sending."""

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.performance import PerformanceAnalysis
from strandloom.learning.executions import told, way_key
from strandloom.teams.trader import teaching
from strandloom.teams.trader.insight import insight

INSIGHT = ("trader:execution_insights", "cil:execution_insights")
LEARNING = ("trader:execution_learning", "cil:execution_insights")


class CilLink:
    """One finding per closed trade; of a way of sending, whenever its evidence has doubled."""

    name = "trader.cil_link"
    reads = ("trader:performance_analysis",)

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if not isinstance(body, PerformanceAnalysis):
            return NOTHING
        if body.about == "trade":
            return Said(drafts=(Draft(body=insight(body), tags=INSIGHT, symbol=body.symbol),))
        return await self._taught(body, desk)

    async def _taught(self, body: PerformanceAnalysis, desk: Desk) -> Said:
        way = way_key(body.venue, body.style, body.volatility)
        rows = await desk.tables.look("execution.sums", keys=[way])
        if not rows or not teaching.is_due(rows[0]):
            return NOTHING
        learnt = teaching.learning(body, rows[0])
        draft = Draft(body=learnt, tags=LEARNING)
        return Said(drafts=(draft,), writes=(told(way, learnt=learnt.orders),))
