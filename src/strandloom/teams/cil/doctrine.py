"""cil.doctrine: asks hourly whether each lesson in force lives undisputed, weekly what all are worth."""

from collections.abc import Sequence

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand, Write
from strandloom.kinds.job import Job
from strandloom.kinds.lesson import IN_FORCE, Doctrine, Lesson
from strandloom.learning.lessons import rows, worth
from strandloom.learning.lessons.contradiction import settled, verdicts
from strandloom.learning.lessons.decay import demoted
from strandloom.learning.lessons.gathering import Gathered, Trails, gather
from strandloom.teams.cil.lessons import lesson_draft


class DoctrineKeeper:
    """Where no lesson is in force an hour costs one look."""

    name = "cil.doctrine"
    reads = ("market:heartbeat:60m", "system:job:ablation")

    def __init__(self, trails: Trails) -> None:
        self._trails = trails

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        in_force = await rows.all_now(desk.tables, IN_FORCE)
        if isinstance(strand.body, Job):
            return await _told(desk, in_force, again=True)
        if not in_force:
            return await _told(desk, ())
        gathered = await gather(desk, in_force, self._trails)
        ended, begun = _ended(in_force, gathered, desk)
        gone = {lesson.lesson for lesson in ended}
        left = [lesson for lesson in in_force if lesson.lesson not in gone]
        disputed = settled(left, list(verdicts(left, gathered.trails)), desk.now)
        doctrine = await _told(desk, left)
        moves = [rows.move(lesson) for lesson in (*ended, *disputed)]
        writes: list[Write] = [*gathered.writes, *moves, *map(rows.register, begun)]
        told = map(lesson_draft, (*ended, *disputed, *begun))
        return Said(drafts=(*told, *doctrine.drafts), writes=tuple(writes))


def _ended(in_force: Sequence[Lesson], gathered: Gathered, desk: Desk) -> tuple[list[Lesson], list[Lesson]]:
    """Lessons that are believed dead, and the versions that begin anew in their place."""
    found = [demoted(lesson, gathered.trails[lesson.lesson], desk.now) for lesson in in_force]
    pairs = [pair for pair in found if pair is not None]
    return [gone for gone, _ in pairs], [new for _, new in pairs]


async def _told(desk: Desk, lessons: Sequence[Lesson], *, again: bool = False) -> Said:
    """The doctrine, if it is another than the one told last, or asked for: with what it was worth so far."""
    body = Doctrine(
        active=tuple(lesson.lesson for lesson in lessons if lesson.status == "active"),
        contraindicated=tuple(lesson.lesson for lesson in lessons if lesson.status == "contraindicated"),
    )
    latest = await desk.board.latest("doctrine")
    before = latest[0].body if latest else Doctrine(active=(), contraindicated=())
    assert isinstance(before, Doctrine)  # noqa: S101 - its kind's body
    if not again and (before.active, before.contraindicated) == (body.active, body.contraindicated):
        return NOTHING
    lift = await worth.pooled(desk.tables)
    if lift is not None:
        body = Doctrine(
            active=body.active,
            contraindicated=body.contraindicated,
            lift_bps=lift.bps,
            lift_low=lift.low,
            lift_high=lift.high,
        )
    return Said(drafts=(Draft(body=body, tags=("cil:doctrine",)),))
