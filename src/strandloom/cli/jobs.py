"""`strandloom jobs`: the timetable, what was done of it, and a button to run a job now."""

import asyncio
from typing import Annotated, Any

import typer

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.blackboard.postgres import postgres_board
from strandloom.cli import given, show
from strandloom.cli.post import MODULE, market_time
from strandloom.jobs import driving
from strandloom.jobs.timetable import NAMES, TIMETABLE, Slot, next_slots


def jobs(
    now: Annotated[str | None, typer.Option("--now", metavar="NAME", help="Run this job now.")] = None,
    runs: Annotated[int, typer.Option(min=1, max=100, help="So many of the last runs of each.")] = 1,
    as_json: show.AsJson = False,
) -> None:
    """Show the timetable: the next slot of every job in market time, its last runs, and what came of them."""
    if now is not None:
        show.record(asyncio.run(_now(_known(now))), as_json=as_json)
        return
    coming, done = asyncio.run(_timetable(runs))
    if as_json:
        show.record({"timetable": coming, "runs": done}, as_json=True)
        return
    show.table(coming, as_json=False, title="Timetable (market time, UTC)")
    show.table(done, as_json=False, title="Last runs", empty="no job has run yet")


def _known(name: str) -> str:
    if name not in NAMES:
        raise BadInput(f"there is no job {name!r}; there are: {', '.join(NAMES)}")
    return name


async def _timetable(runs: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    async with wiring.store(given.settings()) as database:
        at = await market_time(postgres_board(database, SystemClock()))
        done = [dict(row) for row in await database.fetch("jobs.runs", runs)]
    crontabs = {line.job: line for line in TIMETABLE}
    coming = [
        {
            "job": slot.job,
            "next": slot.at,
            "when": crontabs[slot.job].crontab,
            "does": crontabs[slot.job].says,
        }
        for slot in next_slots(at)
    ]
    return coming, [_run(row) for row in done]


def _run(row: dict[str, Any]) -> dict[str, Any]:
    took_s = None if row["took"] is None else round(row["took"].total_seconds(), 2)
    kept = ("job", "slot", "outcome", "answers")
    return {**{name: row[name] for name in kept}, "took_s": took_s, "strand": str(row["strand"])}


async def _now(name: str) -> dict[str, Any]:
    async with wiring.store(given.settings()) as database:
        board = postgres_board(database, SystemClock())
        slot = Slot(await market_time(board), name)
        new = await driving.post(board, slot, MODULE, by_person=True)
    return {"job": name, "slot": slot.at, "posted": new}
