"""`strandloom braids` and `strandloom braid`: memories of what belonged together, and their members."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import typer

from strandloom import wiring
from strandloom.basics import ids
from strandloom.basics.errors import BadInput
from strandloom.blackboard.board import Board
from strandloom.blackboard.strand import Strand
from strandloom.cli import given, show
from strandloom.kinds.braid import Braid
from strandloom.kinds.every import every
from strandloom.kinds.performance import PerformanceAnalysis
from strandloom.kinds.prediction import Outcome

_DIGITS = 3
_MEMBERS = ("outcome", "performance_analysis", "braid")


@dataclass(frozen=True, slots=True)
class _Knot:
    """One strand of the lineage and what it is made of; None where there was more than was asked for."""

    strand: Strand
    members: tuple["_Knot", ...] | None


def braids(
    level: Annotated[int | None, typer.Option(min=1, help="Only of this level.")] = None,
    cluster: Annotated[
        str | None,
        typer.Option(help="Only of clusters that begin so: symbol:BTC, pattern:volume, execution."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")] = 30,
    as_json: show.AsJson = False,
) -> None:
    """List braids, newest first; `strandloom braid ID` shows what one is made of."""
    rows = asyncio.run(_list(level, cluster, limit))
    show.table(
        rows,
        as_json=as_json,
        empty="nothing has been braided yet; it takes three outcomes that belong together",
    )


def braid(
    name: Annotated[str, typer.Argument(metavar="ID", help="The id of a braid, as the list shows it.")],
    depth: Annotated[int, typer.Option(min=0, help="How many levels of the lineage to show.")] = 2,
    like: Annotated[
        int, typer.Option("--similar", min=0, max=100, help="Also so many similar situations.")
    ] = 0,
    as_json: show.AsJson = False,
) -> None:
    """Show a braid's numbers and, as a tree, the strands it is made of."""
    every()
    knot, similar = asyncio.run(_told(name, depth, like))
    numbers = _numbers(knot.strand)
    if as_json:
        show.record({**numbers, "members_of": _tree(knot), "similar": similar}, as_json=True)
        return
    show.record(numbers, as_json=False)
    for text in _lines(knot):
        show.sentence(text)
    if like:
        show.table(similar, as_json=False, title="similar situations", empty="nothing like it is known")


async def _list(level: int | None, cluster: str | None, limit: int) -> list[dict[str, Any]]:
    async with wiring.board(given.settings()) as board:
        rows = await board.look("braid.list", level=level, cluster=cluster, limit=limit)
    shown = ("at", "cluster", "level", "members", "n", "sr", "mean_net_bps", "resonance", "braid")
    return [{name: _short(row[name]) for name in shown} for row in rows]


async def _told(name: str, depth: int, like: int) -> tuple[_Knot, list[dict[str, Any]]]:
    async with wiring.board(given.settings()) as board:
        found = await board.get(ids.loose_id(name))
        if found is None or not isinstance(found.body, Braid):
            raise BadInput(f"there is no braid {name}; `{given.program()} braids` lists them")
        near = await board.look("embedding.similar", strand=str(found.id), limit=like) if like else []
        similar = [await _alike(board, row) for row in near]
        return await _knot(board, found, depth), [row for row in similar if row]


async def _knot(board: Board, strand: Strand, depth: int) -> _Knot:
    if not isinstance(strand.body, Braid):
        return _Knot(strand, ())
    if depth == 0:
        return _Knot(strand, None)
    found = [await board.get(parent) for parent in strand.parents]
    members = [member for member in found if member is not None and member.kind in _MEMBERS]
    return _Knot(strand, tuple([await _knot(board, member, depth - 1) for member in members]))


async def _alike(board: Board, row: dict[str, Any]) -> dict[str, Any]:
    found = await board.get(UUID(row["strand"]))
    if found is None or not isinstance(found.body, Braid):
        return {}
    body = found.body
    return {
        "cosine": round(row["cosine"], _DIGITS),
        "cluster": body.cluster,
        "level": body.level,
        "n": body.n,
        "mean_net_bps": round(body.mean_net_bps, _DIGITS),
        "until": body.until,
        "braid": row["strand"],
    }


def _numbers(strand: Strand) -> dict[str, Any]:
    body = strand.body
    assert isinstance(body, Braid)  # noqa: S101 - `_told` asked
    plain = {
        name: _short(getattr(body, name)) for name in body.__slots__ if name not in ("best", "worst", "about")
    }
    ends = {
        name: f"{getattr(body, name).net_bps:.1f} bps  {getattr(body, name).strand}"
        for name in ("best", "worst")
    }
    about = ", ".join(f"{word} ×{times}" for word, times in body.about.items())
    return {"braid": str(strand.id), **plain, **ends, "about": about}


def _lines(knot: _Knot, branches: str = "") -> Iterator[str]:
    yield branches + _line(knot.strand)
    if knot.members is None:
        yield f"{branches.replace('├─ ', '│  ').replace('└─ ', '   ')}└─ … (--depth shows more)"
        return
    stem = branches.replace("├─ ", "│  ").replace("└─ ", "   ")
    for number, member in enumerate(knot.members, 1):
        yield from _lines(member, stem + ("└─ " if number == len(knot.members) else "├─ "))


def _tree(knot: _Knot) -> list[dict[str, Any]]:
    return [
        {"strand": str(m.strand.id), "kind": m.strand.kind, "says": _said(m.strand), "members_of": _tree(m)}
        for m in knot.members or ()
    ]


def _line(strand: Strand) -> str:
    return f"{strand.kind}  {strand.at:%Y-%m-%d %H:%M}  {_said(strand)}  {strand.id}"


def _said(strand: Strand) -> str:
    body = strand.body
    if isinstance(body, Braid):
        return (
            f"level {body.level} of {body.cluster}: {body.n} outcomes, {body.mean_net_bps:.1f} bps on average"
        )
    if isinstance(body, Outcome):
        return f"{body.symbol} {body.pattern}:{body.direction}@{body.timeframe}: {body.r_bps:.1f} bps"
    if isinstance(body, PerformanceAnalysis):
        return f"{body.symbol} {body.style} at {body.venue}: {body.saved_bps or 0.0:.1f} bps saved"
    return ""


def _short(value: Any) -> Any:
    return round(value, _DIGITS) if isinstance(value, float) else value
