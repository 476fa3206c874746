"""cil.scribe: puts lessons whose standing changed, big braids, and the report of each day into words."""

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.braid import Braid
from strandloom.kinds.lesson import Lesson
from strandloom.kinds.rendering import Rendering
from strandloom.kinds.report import PerformanceReport
from strandloom.llm.port import Ask, Writer
from strandloom.teams.cil import lines

BIG_LEVEL = 3  # of some thirty outcomes at least
WORDED = ("active", "contraindicated", "suspended", "quarantined")


class Scribe:
    """A strand of its own for the words, so that lessons and reports are the same whoever writes."""

    name = "cil.scribe"
    reads = ("cil:lesson", "cil:braid:pattern", "trader:performance_report:day")

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if isinstance(body, Lesson) and _matters(body):
            return await self._rendered("lesson", strand, *lines.of_lesson(strand, body))
        if isinstance(body, PerformanceReport) and body.trade_count:
            return await self._rendered("report", strand, *lines.of_report(strand, body))
        if isinstance(body, Braid) and body.level >= BIG_LEVEL:
            return await self._rendered("braid", strand, *lines.of_braid(strand, body))
        return NOTHING

    async def _rendered(self, what: lines.What, strand: Strand, ask: Ask, plain: str) -> Said:
        prose = await self._writer.prose(ask, plain)
        body = Rendering(what=what, of=strand.id, text=prose.text, writer=str(prose.by))
        return Said(drafts=(Draft(body=body, tags=("cil:rendering", f"cil:rendering:{what}")),))


def _matters(lesson: Lesson) -> bool:
    """Candidates come and go in numbers; one that was in force, or now is, deserves a sentence."""
    return lesson.status in WORDED or (lesson.status == "retired" and lesson.reason != "no_edge")
