"""`strandloom lessons` and `strandloom lesson`: what was tried, what was learnt, and on what evidence."""

import asyncio
import json
from datetime import datetime
from typing import Annotated, Any, get_args

import typer

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.blackboard.board import Board
from strandloom.blackboard.cause import person
from strandloom.blackboard.strand import Draft
from strandloom.cli import given, show
from strandloom.cli import lesson_lines as lines
from strandloom.kinds.lesson import Lesson, LessonOrder, Status
from strandloom.learning.lessons import rows, worth
from strandloom.learning.lessons.decay import doubted
from strandloom.learning.lessons.gathering import Trails

_ORDER = get_args(Status)
_DIGITS = 3
SHORTEST_REASON = 3


def lessons(
    status: Annotated[str | None, typer.Option(help=f"Only those that are: {', '.join(_ORDER)}.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: show.AsJson = False,
) -> None:
    """List lessons with their evidence, those in force first; `strandloom lesson ID` tells all of one."""
    if status is not None and status not in _ORDER:
        raise BadInput(f"there is no status {status!r}; there are: {', '.join(_ORDER)}")
    found = asyncio.run(_all(status))
    table = [lines.line(lesson) for lesson in sorted(found, key=lines.place)[:limit]]
    show.table(table, as_json=as_json, empty="nothing has been supposed yet")


def lesson(
    what: Annotated[
        str, typer.Argument(metavar="ID", help="Its id or the first digits of it; or `retire`, `restart`.")
    ],
    name: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Which one to retire or to restart.")
    ] = None,
    why: Annotated[str | None, typer.Option("--why", help="The reason, which is kept with it.")] = None,
    as_json: show.AsJson = False,
) -> None:
    """Tell a lesson's whole life, evidence and lift: `lesson ID`; or end it: `lesson retire ID --why …`.

    `lesson restart ID --why …` has it tried again as a new version, from nothing, for a reason that is new.
    """
    if what not in ("retire", "restart"):
        _show(asyncio.run(_life(what)), as_json=as_json)
        return
    if name is None:
        raise BadInput(f"say which: strandloom lesson {what} ID --why …; `strandloom lessons` lists them")
    show.record(asyncio.run(_order(name, what, (why or "").strip())), as_json=as_json)


def _show(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show.record(told, as_json=True)
        return
    moves, looks = told.pop("life"), told.pop("looks")
    show.record({**told, "predicate": json.dumps(told["predicate"])}, as_json=False)
    show.sentence("\nlife")
    show.table(moves, as_json=False)
    show.sentence("\nlooks")
    show.table(looks, as_json=False, empty="the gate has not looked at it yet")


async def _all(status: str | None) -> list[Lesson]:
    async with wiring.board(given.settings()) as board:
        return await rows.all_now(board, [status] if status else None)


async def _life(name: str) -> dict[str, Any]:
    async with wiring.board(given.settings()) as board:
        found = await _one(board, name)
        history = await board.look("lesson.history", lesson=str(found.lesson))
        looks = await board.look("lesson.looks", lesson=str(found.lesson))
        wealth = await _wealth(board, found)
        lift = await worth.of_lesson(board, found.lesson)
        states = [rows.lesson_of(row["content"]) for row in history]
        return {
            **lines.facts(found),
            "wealth": wealth,
            "lift": lines.lift_told(found, lift),
            "life": [lines.move(state) for state in states],
            "looks": [lines.look(row) for row in looks],
        }


async def _order(name: str, order: Any, why: str) -> dict[str, Any]:
    async with wiring.board(given.settings()) as board:
        found = await _one(board, name)
        if len(why) < SHORTEST_REASON:
            raise BadInput("say why in a few words: --why 'the venue changed its fees'")
        body = LessonOrder(lesson=found.lesson, order=order, why=why)
        draft = Draft(body=body, tags=("cil:lesson_order",))
        (strand,) = await board.post([draft], person("people", await _market_now(board)))
        return {"lesson": str(found.lesson), "order": order, "strand": str(strand)}


async def _market_now(board: Board) -> datetime:
    latest = await board.latest("heartbeat")
    return latest[0].at if latest else SystemClock().now()


async def _one(board: Board, name: str) -> Lesson:
    """The lesson whose id begins so; there must be exactly one."""
    begins = name.lower().strip()
    found = [lesson for lesson in await rows.all_now(board) if str(lesson.lesson).startswith(begins)]
    if len(found) != 1 or not begins:
        many = "no lesson's id begins" if not found else f"{len(found)} lessons' ids begin"
        raise BadInput(f"{many} with {name!r}; `strandloom lessons` lists them")
    return found[0]


async def _wealth(board: Board, lesson: Lesson) -> float | None:
    """How the bet against its claim stands now."""
    if lesson.status not in ("active", "contraindicated"):
        return lesson.wealth if lesson.claim is not None else None
    doubt = doubted(lesson, await Trails().of(board, lesson))
    return round(float(doubt.wealth[-1]), _DIGITS) if doubt.wealth.size else 1.0
