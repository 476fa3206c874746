"""`strandloom learn`: a button for the learning that otherwise waits for its slot of the timetable."""

import asyncio
from typing import Annotated, Any, Literal, get_args

import typer

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.blackboard.postgres import postgres_board
from strandloom.cli import given, show
from strandloom.cli.post import MODULE, market_time
from strandloom.jobs import driving
from strandloom.jobs.timetable import Slot

Learning = Literal["look", "nightly", "ablation", "braids"]
JOBS: tuple[str, ...] = get_args(Learning)
app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def learn() -> None:
    """Let the network learn now rather than at its time."""


@app.command()
def now(
    job: Annotated[
        str,
        typer.Argument(
            metavar="[look|nightly|ablation|braids]",
            help="look: the gate looks at candidates; nightly: all keys are scored anew; ablation: what "
            "resonance and lessons are worth; braids: outcomes are woven.",
        ),
    ] = "look",
    as_json: show.AsJson = False,
) -> None:
    """Post one learning job by hand; the module that does the work takes it up like any other strand."""
    if job not in JOBS:
        raise BadInput(f"there is no learning job {job!r}; there are: {', '.join(JOBS)}")
    show.record(asyncio.run(_posted(job)), as_json=as_json)


async def _posted(job: str) -> dict[str, Any]:
    async with wiring.store(given.settings()) as database:
        board = postgres_board(database, SystemClock())
        slot = Slot(await market_time(board), job)
        new = await driving.post(board, slot, MODULE, by_person=True)
    return {"job": job, "slot": slot.at, "posted": new}
