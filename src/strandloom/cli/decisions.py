"""`strandloom decisions`: what the gate approved and refused, newest first, with the reasons in numbers."""

import asyncio
from typing import Annotated, Any

import typer

from strandloom import wiring
from strandloom.blackboard.strand import Strand
from strandloom.cli import given, show
from strandloom.kinds.decision import Decision, Refusal


def decisions(
    symbol: Annotated[str | None, typer.Option(help="Only of this symbol.")] = None,
    refused: Annotated[bool, typer.Option("--refused", help="Only refusals.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")] = 30,
    as_json: show.AsJson = False,
) -> None:
    """List approvals, probes and refusals; `strandloom trace ID` shows how one came about."""
    found = asyncio.run(_newest(symbol, limit, refused))
    rows = [_row(strand) for strand in found]
    show.table(rows, as_json=as_json, empty="nothing has been decided yet", below="why")


async def _newest(symbol: str | None, limit: int, refused: bool) -> list[Strand]:
    async with wiring.board(given.settings()) as board:
        kinds = ("refusal",) if refused else ("decision", "refusal")
        found = [s for kind in kinds for s in await board.latest(kind, symbol=symbol, limit=limit)]
    return sorted(found, key=lambda strand: (strand.at, strand.seq), reverse=True)[:limit]


def _row(strand: Strand) -> dict[str, Any]:
    body = strand.body
    row: dict[str, Any] = {"at": strand.at.strftime("%Y-%m-%d %H:%M"), "said": "", "symbol": strand.symbol}
    if isinstance(body, Decision):
        row["said"] = "close" if body.intent == "close" else "probe" if body.exploration else "approved"
        row |= {"side": body.side, "quantity": f"{body.quantity.normalize():f}", "why": body.reason}
    elif isinstance(body, Refusal):
        row |= {"said": "refused", "side": body.side, "quantity": "", "why": body.reason}
    return {**row, "id": str(strand.id)}
