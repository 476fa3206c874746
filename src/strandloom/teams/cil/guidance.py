"""cil.guidance: tells the other teams what is known, whenever that has become something else."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.insight import Contraindicated, Guidance, Resonating
from strandloom.kinds.lesson import Lesson
from strandloom.learning.lessons import retrieve
from strandloom.learning.lessons.telling import spoken
from strandloom.learning.synthesis import executing
from strandloom.learning.tables import most_resonant
from strandloom.llm.port import Writer
from strandloom.teams.cil import telling

EVERY_HOURS = 4
RESONANCE_HOUR = 4  # after the night's scoring; once a day is enough for what moves so slowly
LOOKED_AT, SHOWN = 50, 5
FEWEST_BLOCKS = 20
ABOUT_ORDERS = ("enter_maker", "enter_taker", "enter_sliced")
Team = Literal["decision_maker", "trader"]
TAGS: dict[Team, str] = {"decision_maker": "dm:guidance", "trader": "trader:guidance"}


class GuidanceKeeper:
    """Looks every four market hours, and whenever the doctrine has changed; silent while nothing is known.

    What resonates is looked at once a market day.
    """

    name = "cil.guidance"
    reads = ("market:heartbeat:60m", "cil:doctrine")

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        beat = strand.body
        if isinstance(beat, Heartbeat) and (beat.catch_up or desk.now.hour % EVERY_HOURS):
            return NOTHING
        lessons = (await retrieve.in_force(desk)).lessons
        told = await _told(desk)
        resonating = await _resonating(desk, told.get("decision_maker"))
        known = (_for_decisions(resonating, lessons), await _for_orders(desk, lessons))
        drafts = [
            await self._draft(strand, body)
            for body in known
            if _gist(body) != _gist(told.get(body.team) or Guidance(team=body.team))
        ]
        return Said(drafts=tuple(drafts)) if drafts else NOTHING

    async def _draft(self, strand: Strand, body: Guidance) -> Draft:
        ask, plain = telling.of_guidance(strand, body)
        prose = await self._writer.prose(ask, plain)
        worded = replace(body, text=prose.text, writer=str(prose.by))
        return Draft(body=worded, tags=(TAGS[body.team], "cil:guidance"))


async def _resonating(desk: Desk, before: Guidance | None) -> tuple[Resonating, ...]:
    """The keys that resonate most; between two looks, those that were told last."""
    if desk.now.hour != RESONANCE_HOUR:
        return before.resonating if before else ()
    rows = await most_resonant(desk.tables, LOOKED_AT)
    return tuple(_of_row(row) for row in rows if _resonates(row))[:SHOWN]


def _for_decisions(resonating: tuple[Resonating, ...], lessons: Sequence[Lesson]) -> Guidance:
    """Which patterns resonate, and what is contraindicated."""
    about = [lesson for lesson in lessons if lesson.action_hint not in ABOUT_ORDERS]
    harmful = [lesson for lesson in about if lesson.status == "contraindicated"]
    return Guidance(
        team="decision_maker",
        resonating=resonating,
        contraindicated=tuple(map(_contraindicated, harmful)),
        lessons=tuple(lesson.lesson for lesson in about),
    )


async def _for_orders(desk: Desk, lessons: Sequence[Lesson]) -> Guidance:
    """Which way of sending orders works where, and what is known of it for sure."""
    about = [lesson for lesson in lessons if lesson.action_hint in ABOUT_ORDERS]
    harmful = [lesson for lesson in about if lesson.status == "contraindicated"]
    return Guidance(
        team="trader",
        contraindicated=tuple(map(_contraindicated, harmful)),
        executing=await executing.known(desk),
        lessons=tuple(lesson.lesson for lesson in about),
    )


def _resonates(row: dict[str, Any]) -> bool:
    return bool(row["resonance"]) and row["n_blocks"] >= FEWEST_BLOCKS


def _of_row(row: dict[str, Any]) -> Resonating:
    return Resonating(
        key=row["key"], resonance=row["resonance"], net_bps=row["net_bps"], n_blocks=row["n_blocks"]
    )


def _contraindicated(lesson: Lesson) -> Contraindicated:
    return Contraindicated(
        lesson=lesson.lesson,
        what=spoken(lesson.predicate),
        mean_gross_bps=lesson.mean_gross_bps,
        n_blocks=lesson.n_blocks,
    )


async def _told(desk: Desk) -> dict[str, Guidance]:
    """What each team was told last."""
    found: dict[str, Guidance] = {}
    for strand in await desk.board.latest("guidance", limit=LOOKED_AT):
        if isinstance(strand.body, Guidance):
            found.setdefault(strand.body.team, strand.body)
    return found


def _gist(body: Guidance) -> tuple[object, ...]:
    """What it says, without the decimals: numbers that drift are no news."""
    return (
        frozenset(it.key for it in body.resonating),
        frozenset(it.lesson for it in body.contraindicated),
        frozenset((it.venue, it.style, it.volatility, it.saved_bps > 0) for it in body.executing),
        frozenset(body.lessons),
    )
