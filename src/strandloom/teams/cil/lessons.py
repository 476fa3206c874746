"""cil.lessons: writes hypotheses down, and once a market day lets the gate look at what they have shown."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from uuid import UUID

from strandloom.basics.errors import Refused
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.execution import ExecutionLearning
from strandloom.kinds.job import Job
from strandloom.kinds.lesson import IN_FORCE, Hypothesis, Lesson, LessonOrder
from strandloom.learning.horizons import Horizons
from strandloom.learning.lessons import braided, proposing, rows
from strandloom.learning.lessons.executing import supposed
from strandloom.learning.lessons.gathering import Trails, gather
from strandloom.learning.lessons.judging import judge, may_move
from strandloom.learning.lessons.registering import LIVE, again, candidate, next_version
from strandloom.learning.lessons.succession import succeeded
from strandloom.scoring.costs import CostModel

PARENTS_AT_MOST = 16
TAGS = ("cil:gate_run", "learning:gate_run")


class Lessons:
    """Stateless but for trails read before: a run that dies half-way is finished by the next."""

    name = "cil.lessons"
    reads = ("system:job:look", "cil:hypothesis", "trader:execution_learning", "cil:lesson_order")

    def __init__(self, horizons: Horizons, costs: CostModel, trails: Trails) -> None:
        self._horizons = horizons
        self._costs = costs
        self._trails = trails

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if isinstance(body, Job):
            return await self._run(body, desk)
        if isinstance(body, ExecutionLearning):
            learnt = supposed(body, self._costs.name)
            return await _suppose(strand, learnt, desk) if learnt is not None else NOTHING
        if isinstance(body, Hypothesis):
            return await _suppose(strand, body, desk)
        if isinstance(body, LessonOrder):
            return await _ordered(strand, body, desk)
        return NOTHING

    async def _run(self, job: Job, desk: Desk) -> Said:
        every = await rows.all_now(desk.tables)
        living = [lesson for lesson in every if may_move(lesson) or lesson.status in IN_FORCE]
        self._trails.forget(living)
        gathered = await gather(desk, living, self._trails)
        (counted,) = await desk.tables.look("lesson.trials")
        judged = judge(every, gathered.trails, int(counted["n_trials"]), job.slot, desk.now)
        moved = [*judged.moved, *succeeded(judged.moved, every, desk.now)]
        new = await self._proposed(every, desk)
        run = replace(judged.run, registered=len(new))
        return Said(
            drafts=(*map(lesson_draft, (*new, *moved)), Draft(body=run, tags=TAGS)),
            writes=(
                *gathered.writes,
                *judged.writes,
                *(rows.register(lesson) for lesson in new),
                *(rows.move(lesson) for lesson in moved),
            ),
        )

    async def _proposed(self, every: Sequence[Lesson], desk: Desk) -> list[Lesson]:
        """What the evidence of the keys suggests, few at a time."""
        live = [lesson for lesson in every if lesson.status in LIVE]
        room = min(proposing.PER_RUN, proposing.LIVE_AT_MOST - len(live))
        if room <= 0:
            return []
        promising = await desk.tables.look(
            "lesson.promising", blocks=proposing.FEWEST_BLOCKS, z=proposing.Z, limit=500
        )
        braids = await desk.board.latest("braid", limit=braided.LOOKED_AT)
        woven = braided.suggested(braids, proposing.FEWEST_BLOCKS)
        known = {rows.identity_of(lesson) for lesson in every}
        busy = {about for lesson in live if (about := proposing.subjects(lesson.predicate)) is not None}
        found = proposing.proposals([*promising, *woven], known, busy, self._horizons, self._costs)
        return [candidate(body, desk.now, because) for body, because in islice(found, room)]


async def _suppose(strand: Strand, body: Hypothesis, desk: Desk) -> Said:
    """A hypothesis of somebody else's: registered unless it is being tried already."""
    versions = await _versions(desk, proposing.statement(body))
    new = next_version(body, versions, desk.now, (strand.id, *strand.parents[:PARENTS_AT_MOST]))
    if new is None:
        return NOTHING
    return Said(drafts=(lesson_draft(new),), writes=(rows.register(new),))


async def _ordered(strand: Strand, order: LessonOrder, desk: Desk) -> Said:
    """A person's word: an end, or a new version that begins anew."""
    told = await desk.tables.look("lesson.history", lesson=str(order.lesson))
    if not told:
        raise Refused("lesson", "there is no such lesson", {"lesson": str(order.lesson)})
    lesson = rows.lesson_of(told[-1]["content"])
    if order.order == "retire":
        return _retired(lesson, order, desk)
    last = (await _versions(desk, rows.identity_of(lesson)))[-1]
    if last.status in ("candidate", "shadow", "active"):
        raise Refused("lesson", "it is being tried already", {"lesson": str(last.lesson)})
    new = again(last, desk.now, mechanism=order.why, because=(strand.id,))
    return Said(drafts=(lesson_draft(new),), writes=(rows.register(new),))


def _retired(lesson: Lesson, order: LessonOrder, desk: Desk) -> Said:
    if lesson.status == "retired":
        raise Refused("lesson", "it is retired already", {"reason": lesson.reason})
    gone = replace(
        lesson,
        revision=lesson.revision + 1,
        status="retired",
        reason="by_person",
        why=order.why,
        valid_to=desk.now,
        known_from=desk.now,
    )
    return Said(drafts=(lesson_draft(gone),), writes=(rows.move(gone),))


async def _versions(desk: Desk, statement: str) -> list[Lesson]:
    found = await desk.tables.look("lesson.versions", identity=statement)
    return [rows.lesson_of(row["content"]) for row in found]


def lesson_draft(lesson: Lesson) -> Draft:
    """A lesson as it is told; the Trader hears of what concerns ways to execute."""
    tags = ("cil:lesson", f"cil:lesson:{lesson.status}")
    about_orders = ("trader:lesson",) if lesson.family == "execution" else ()
    parents: tuple[UUID, ...] = lesson.because[:PARENTS_AT_MOST]
    return Draft(body=lesson, tags=(*tags, *about_orders), parents=parents)
