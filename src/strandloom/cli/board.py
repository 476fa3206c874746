"""`strandloom board`: how much is on the blackboard, who waits for what, and letting old strands go."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.cli import given, show

app = typer.Typer(no_args_is_help=True, add_completion=False)
_CHUNK = 5_000


@app.callback()
def board() -> None:
    """Look after the blackboard: its size, its queues, its age."""


@app.command()
def stats(as_json: show.AsJson = False) -> None:
    """Show totals, and what each consumer is waiting for."""
    totals, queues = asyncio.run(_stats())
    if as_json:
        show.record({**totals, "queues": queues}, as_json=True)
        return
    show.record(totals, as_json=False)
    show.table(queues, as_json=False, empty="nobody has subscribed yet")


@app.command()
def prune(
    keep_days: Annotated[float, typer.Option(min=1, help="Strands younger than this stay.")],
    as_json: show.AsJson = False,
) -> None:
    """Remove old strands that nobody waits for; a tombstone keeps id, kind and lifecycle of each.

    Open deliveries and dead letters protect their strand. It goes in small steps beside the running service.
    """
    before = SystemClock().wall() - timedelta(days=keep_days)
    show.record({"pruned": asyncio.run(_prune(before))}, as_json=as_json)


async def _stats() -> tuple[dict[str, int], list[dict[str, Any]]]:
    async with wiring.board(given.settings()) as found:
        totals = dict(await found.counts())
        queues = [
            {
                "consumer": queue.consumer,
                "waiting": queue.waiting,
                "leased": queue.leased,
                "backing_off": queue.backing_off,
                "expired": queue.expired,
                "dead": queue.dead,
                "oldest_seq": queue.oldest_seq,
            }
            for queue in await found.queues()
        ]
    return totals, queues


async def _prune(before: datetime) -> int:
    pruned = 0
    async with wiring.board(given.settings()) as found:
        while gone := await found.prune(before, limit=_CHUNK):
            pruned += gone
    return pruned
