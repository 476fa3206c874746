"""The gate's ear for lessons: a matching contraindication refuses a plan, and says which lesson it was."""

from dataclasses import dataclass
from uuid import UUID

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import Write
from strandloom.kinds.lesson import Lesson
from strandloom.kinds.plan import TradingPlan
from strandloom.kinds.prediction import Prediction
from strandloom.learning.keys import PatternKey
from strandloom.learning.lessons import rows
from strandloom.learning.lessons.facts import Facts
from strandloom.learning.lessons.retrieve import Snapshot
from strandloom.learning.lessons.telling import said
from strandloom.risk.values import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the lessons in force say of a plan."""

    answers: tuple[Answer, ...] = ()
    about: UUID | None = None  # the forecast behind the plan, if a lesson spoke of it

    @property
    def allows(self) -> bool:
        return all(answer.approved for answer in self.answers)

    def taken(self) -> tuple[Write, ...]:
        """A trade on the forecast was allowed, or is followed on paper because it is held out."""
        return (rows.taken(self.about),) if self.about is not None else ()


SILENCE = Heard()


async def heard(plan: TradingPlan, snapshot: Snapshot, desk: Desk) -> Heard:
    """Nothing without lessons.  A held-out plan is refused too, under a name of its own, and followed."""
    if not snapshot.lessons:
        return SILENCE
    name, signal = await _signal(plan, desk)
    if signal is None:
        harmful = _harmful(_about(plan, snapshot))
        return Heard(answers=_answers(harmful, held_out=False))
    harmful = _harmful(snapshot.named(signal.lessons))
    return Heard(answers=_answers(harmful, held_out=plan.held_out), about=name if signal.lessons else None)


async def _signal(plan: TradingPlan, desk: Desk) -> tuple[UUID | None, Prediction | None]:
    """The forecast that the plan was made of."""
    strand = await desk.board.get(plan.evidence[0]) if plan.evidence else None
    if strand is None or not isinstance(strand.body, Prediction):
        return None, None
    return strand.id, strand.body


def _about(plan: TradingPlan, snapshot: Snapshot) -> tuple[Lesson, ...]:
    """Lessons that speak of a plan without a forecast, by the pattern keys that it names."""
    found = [lesson for text in plan.patterns for lesson in snapshot.matching(_facts(text, plan))]
    return tuple(dict.fromkeys(found))


def _facts(text: str, plan: TradingPlan) -> Facts:
    key = PatternKey.parse(text)
    return Facts(
        kind="pattern",
        pattern=key.pattern,
        direction="up" if plan.side == "buy" else "down",
        symbol=plan.symbol,
        timeframe=key.timeframe,
        regime=key.regime,
        session=key.session,
    )


def _harmful(lessons: tuple[Lesson, ...]) -> Lesson | None:
    return next((lesson for lesson in lessons if lesson.status == "contraindicated"), None)


def _answers(harmful: Lesson | None, *, held_out: bool) -> tuple[Answer, ...]:
    if harmful is None:
        return ()
    told = Answer(
        rule="held_out" if held_out else "contraindicated",
        approved=False,
        limit="none",
        value=str(harmful.lesson),
        unit="lesson",
        why=f"followed on paper: {said(harmful)}" if held_out else said(harmful),
    )
    return (told,)
