"""cil.weaver: gathers outcomes into clusters, and braids what belongs together every quarter of an hour."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from strandloom.basics import ids
from strandloom.blackboard.desk import Desk, Looks
from strandloom.blackboard.strand import NOTHING, Draft, Said, Scores, Strand, Write
from strandloom.blackboard.tables import Row
from strandloom.kinds.braid import Braid
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.job import Job
from strandloom.kinds.pattern import Overview
from strandloom.kinds.performance import PerformanceAnalysis
from strandloom.kinds.prediction import Outcome
from strandloom.kinds.resonance import Resonance
from strandloom.learning.braids import clusters, numbers, tables
from strandloom.learning.braids.yarn import of_execution, of_outcome, spun
from strandloom.learning.embedding import Embedder

MINUTE_S = 60


class Weaver:
    """Stateless: what waits is in the tables, and what is woven leaves them with the braid that wove it.

    So a run that dies half-way is finished by the next, and of two weavers one finds nothing left.
    """

    name = "cil.weaver"
    reads = (
        "market:heartbeat:15m",
        "system:job:braids",
        "cil:outcome",
        "cil:overview",
        "cil:performance_analysis",
    )

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if isinstance(body, Heartbeat | Job):
            return await self._weave(strand, desk)
        if isinstance(body, Overview):
            return _noted(body)
        if isinstance(body, Outcome):
            return await _gathered(strand, body, desk.tables)
        if isinstance(body, PerformanceAnalysis):
            return _executed(strand, body)
        return NOTHING

    async def _weave(self, strand: Strand, desk: Desk) -> Said:
        ripe = await desk.tables.look("braid.ripe", before=strand.at.isoformat())
        if not ripe:
            return NOTHING
        theta = await _theta(desk)
        woven = [self._braid(strand, number, row, theta) for number, row in enumerate(ripe)]
        return Said(
            drafts=tuple(draft for draft, _ in woven),
            writes=tuple(each for _, writes in woven for each in writes),
        )

    def _braid(self, strand: Strand, number: int, row: Row, theta: float) -> tuple[Draft, Sequence[Write]]:
        """One braid, the end of its members' waiting, and its own place in the next level."""
        name = ids.strand_id(strand.at, strand.id, self.name, "braid", number)
        members = [tables.yarn_of(member) for member in row["members"]]
        whole, level = spun(name, members), row["level"] + 1
        body = numbers.braid(row["cluster"], level, members, whole, theta)
        writes = (
            tables.consume(name, body, [member.strand for member in members], strand.at),
            tables.offer(whole, (row["cluster"],), level, strand.at),
            tables.place(name, level, self._embedder.vector(whole.about)),
        )
        return _draft(body, [member.strand for member in members], theta), writes


def _draft(body: Braid, members: Iterable[UUID], theta: float) -> Draft:
    return Draft(
        body=body,
        tags=("cil:braid", f"cil:braid:{body.cluster_type}"),
        parents=tuple(members),
        symbol=body.cluster.removeprefix("symbol:") if body.cluster_type == "symbol" else None,
        scores=Scores(phi=body.phi, rho=body.rho, theta=theta, resonance=body.resonance),
        braid_level=body.level,
    )


def _noted(body: Overview) -> Said:
    return Said(writes=(tables.signatures(body.minute, body.signatures),)) if body.signatures else NOTHING


async def _gathered(strand: Strand, body: Outcome, looks: Looks) -> Said:
    """An outcome waits in each of its clusters.  What was late or came of no pattern tells nothing here."""
    if body.late or body.family != "pattern":
        return NOTHING
    signal_s = int((body.opened_at - timedelta(minutes=1)).timestamp())
    since_s = signal_s - (clusters.CYCLES - 1) * MINUTE_S
    rows = await looks.look("braid.signatures", symbol=body.symbol, since_s=since_s, until_s=signal_s)
    together = [row["signature"] for row in rows] if rows and rows[-1]["minute_s"] == signal_s else []
    yarn = of_outcome(strand.id, body, together[-1] if together else None)
    return Said(writes=(tables.offer(yarn, clusters.of_outcome(body, together), 0, strand.at),))


def _executed(strand: Strand, body: PerformanceAnalysis) -> Said:
    yarn = of_execution(strand.id, strand.at, body)
    if yarn is None:
        return NOTHING
    return Said(writes=(tables.offer(yarn, clusters.of_execution(body), 0, strand.at),))


async def _theta(desk: Desk) -> float:
    latest = await desk.board.latest("resonance")
    body = latest[0].body if latest else None
    return body.theta if isinstance(body, Resonance) else 0.0
