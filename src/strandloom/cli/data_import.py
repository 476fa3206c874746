"""Behind `strandloom data import`: look, show, judge, store."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from strandloom.basics.clock import SystemClock
from strandloom.cli import show
from strandloom.cli.data_store import opened
from strandloom.cli.progress import Progress
from strandloom.market import minute as minutes
from strandloom.market.bars import Bars
from strandloom.market.files.bringing import Brought, Wish, bring, refuse
from strandloom.market.files.checking import shown
from strandloom.market.minute import DAY_MINUTES

_STEP_MINUTES = 60 * DAY_MINUTES
_PREVIEW_ROWS = 3
_SHOWN_GAPS = 5


def run(files: Sequence[Path], wish: Wish, *, dry_run: bool, as_json: bool) -> None:
    """All files are judged before the first bar is stored."""
    brought = [bring(path, wish) for path in files]
    if not as_json:
        for one in brought:
            _preview(one)
    refuse(brought, wish)
    stored = [0] * len(brought) if dry_run else asyncio.run(_store(brought, quiet=as_json))
    rows = [_row(one, count) for one, count in zip(brought, stored, strict=True)]
    show.table(rows, as_json=as_json, title="looked at, nothing stored" if dry_run else "imported")


def _preview(one: Brought) -> None:
    """What was understood, and what was found."""
    if one.content is not None:
        layout = one.content.layout
        understood = ", ".join(f"{role}={column}" for role, column in layout.by_role.items())
        show.aside(f"{one.path}: {one.content.rows:,} rows; {understood}; times in {one.content.unit}")
    for piece in one.pieces:
        for row in range(min(_PREVIEW_ROWS, len(piece))):
            show.aside(f"  {_bar(piece, row)}")
    for problem in one.problems:
        show.aside(f"  {problem} ({problem.repair})")
    for symbol, runs in one.holes.items():
        some = ", ".join(shown(hole) for hole in runs[:_SHOWN_GAPS])
        if runs:
            more = f" and {len(runs) - _SHOWN_GAPS} more" if len(runs) > _SHOWN_GAPS else ""
            show.aside(f"  {symbol}: {len(runs)} gaps: {some}{more}")


def _bar(piece: Bars, row: int) -> str:
    bar = piece.row(row)
    prices = f"{bar.open:g} {bar.high:g} {bar.low:g} {bar.close:g}"
    return f"{bar.symbol} {bar.at:%Y-%m-%d %H:%M} {prices} volume {bar.volume:g}"


async def _store(brought: Sequence[Brought], *, quiet: bool) -> list[int]:
    now = SystemClock().wall()
    total = sum(len(piece) for one in brought for piece in one.pieces)
    stored = []
    async with opened() as store:
        with Progress("importing", total, quiet=quiet) as progress:
            for one in brought:
                new = 0
                for piece in one.pieces:
                    for step in _steps(piece):
                        new += await store.add(step, now=now)
                        progress.advance(len(step))
                stored.append(new)
    return stored


def _steps(piece: Bars) -> list[Bars]:
    """Two months at a time, so that there is progress to see."""
    first, last = int(piece.minute[0]), int(piece.minute[-1])
    starts = range(first // DAY_MINUTES * DAY_MINUTES, last + 1, _STEP_MINUTES)
    return [step for start in starts if len(step := piece.between(start, start + _STEP_MINUTES))]


def _row(one: Brought, stored: int) -> dict[str, Any]:
    bars = sum(len(piece) for piece in one.pieces)
    return {
        "file": str(one.path),
        "venue": one.pieces[0].venue if one.pieces else None,
        "symbols": [piece.symbol for piece in one.pieces],
        "first": min((minutes.opens(int(piece.minute[0])) for piece in one.pieces), default=None),
        "last": max((minutes.opens(int(piece.minute[-1])) for piece in one.pieces), default=None),
        "bars": bars,
        "stored": stored,
        "repaired": sum(len(problem.lines) for problem in one.problems),
        "missing": one.missing,
    }
