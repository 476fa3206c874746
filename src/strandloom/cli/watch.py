"""`strandloom watch`: new strands as they are posted."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.blackboard import tags
from strandloom.blackboard.board import READ_LIMIT, Search
from strandloom.blackboard.strand import Strand
from strandloom.blackboard.tail import Tail
from strandloom.cli import given, show, strands
from strandloom.kinds.every import every
from strandloom.kinds.registry import by_name

_LOOK_S = 0.5


def watch(
    tag: Annotated[str | None, typer.Option(help="Only these: a tag, team:*, or team:topic:*.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only strands of this kind.")] = None,
    module: Annotated[str | None, typer.Option(help="Only what this module posts.")] = None,
    symbol: Annotated[str | None, typer.Option(help="Only strands about this symbol.")] = None,
    last: Annotated[
        int, typer.Option(help="Begin with so many that are there already.", min=0, max=READ_LIMIT)
    ] = 10,
    count: Annotated[
        int | None, typer.Option(help="End after so many; without it, with Ctrl-C.", min=1)
    ] = None,
    as_json: show.AsJson = False,
) -> None:
    """Show strands as they are posted, until Ctrl-C."""
    every()
    search = Search(tag=_pattern(tag), kind=_kind(kind), module=module, symbol=symbol)
    asyncio.run(_watch(search, last, count, as_json))


async def _watch(search: Search, last: int, count: int | None, as_json: bool) -> None:
    clock = SystemClock()
    async with wiring.board(given.settings()) as board:
        tail = Tail(board, search, clock)
        left = _show(await tail.last(last), count, as_json)
        while left is None or left > 0:
            await clock.sleep(_LOOK_S)
            left = _show(await tail.new(), left, as_json)


def _show(found: Sequence[Strand], left: int | None, as_json: bool) -> int | None:
    shown = found if left is None else found[:left]
    for strand in shown:
        row = strands.full(strand) if as_json else strands.short(strand)
        show.line(row if as_json else {name: said for name, said in row.items() if said}, as_json=as_json)
    return None if left is None else left - len(shown)


def _pattern(tag: str | None) -> str | None:
    if tag is not None and (problem := tags.pattern_problem(tag)):
        raise BadInput(f"--tag: {problem}")
    return tag


def _kind(name: str | None) -> str | None:
    if name is not None and by_name(name) is None:
        known = ", ".join(kind.name for kind in every())
        raise BadInput(f"--kind: there is no kind {name!r}; there are: {known}")
    return name
