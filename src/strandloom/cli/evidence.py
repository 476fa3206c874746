"""`strandloom evidence`: what is known of every pattern key, and the same made anew from the outcomes."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

import typer

from strandloom import roster, wiring
from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Board
from strandloom.blackboard.cause import root
from strandloom.cli import given, show
from strandloom.learning import tables
from strandloom.learning.book import Book
from strandloom.learning.evidence import restore

app = typer.Typer(no_args_is_help=True, add_completion=False)
_CHUNK = 2_000
_SHOWN = ("key", "n", "n_blocks", "sr", "sr_low", "net_bps", "se_bps", "phi", "rho", "resonance")


@app.callback()
def evidence() -> None:
    """Look at what is known of every pattern key, and rebuild it from the outcomes."""


@app.command()
def keys(
    pattern: Annotated[str | None, typer.Option(help="Only keys that begin so: volume.spike:up.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 30,
    as_json: show.AsJson = False,
) -> None:
    """List pattern keys with their evidence, those with the most blocks first."""
    rows = asyncio.run(_keys(pattern, limit))
    show.table(rows, as_json=as_json, empty="no prediction has had its outcome yet")


@app.command()
def rebuild(as_json: show.AsJson = False) -> None:
    """Work out every key's numbers anew from the outcomes; beside a running service too."""
    show.record(asyncio.run(_rebuild()), as_json=as_json)


async def _keys(pattern: str | None, limit: int) -> list[dict[str, Any]]:
    async with wiring.board(given.settings()) as board:
        like = f"{pattern}%" if pattern else None
        rows = await board.look("key.scores", like=like, limit=limit)
    return [{name: _short(row.get(name)) for name in _SHOWN} for row in rows]


async def _rebuild() -> dict[str, int]:
    async with wiring.board(given.settings()) as board:
        book = roster.book()
        outcomes = await restore(book, board)
        now = await _market_now(board)
        await _put(board, book, now)
        return {"outcomes": outcomes, "keys": len(list(book.keys()))}


async def _put(board: Board, book: Book, now: datetime) -> None:
    known = [row for row in book.all_scores(int(now.timestamp())) if row.n]
    for start in range(0, len(known), _CHUNK):
        cause = root("learning.evidence", now, f"rebuild:{start}")
        await board.post([], cause, [tables.put_scores(known[start : start + _CHUNK], now)])


async def _market_now(board: Board) -> datetime:
    """Market time: that of the newest heartbeat, or the wall's where there has been none."""
    latest = await board.latest("heartbeat")
    return latest[0].at if latest else SystemClock().now()


def _short(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value
