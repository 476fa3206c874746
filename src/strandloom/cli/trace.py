"""`strandloom trace`: the whole story of one strand, from its causes to what came of it."""

import asyncio
from typing import Annotated

import typer

from strandloom import wiring
from strandloom.basics import ids
from strandloom.basics.errors import BadInput
from strandloom.blackboard.trace import LIMIT, Line, Story, lines, tell
from strandloom.cli import given, show, strands
from strandloom.kinds.every import every


def trace(
    strand: Annotated[str, typer.Argument(metavar="ID", help="The id of a strand, as every list shows it.")],
    limit: Annotated[int, typer.Option(help="Show at most so many strands.", min=1)] = LIMIT,
    as_json: show.AsJson = False,
) -> None:
    """Show what led to a strand and what it led to, as a tree with times and scores.

    The strand itself is marked with ●. One with several parents stands under the first of them.
    """
    every()
    story = asyncio.run(_story(strand, limit))
    for line in lines(story):
        if as_json:
            show.line({"depth": len(line.branches) // 3, **strands.full(line.strand)}, as_json=True)
        else:
            show.sentence(_told(line, marked=line.strand.id == story.subject))
    if story.cut_short:
        show.aside(f"there is more than {limit} strands; --limit shows more")


async def _story(text: str, limit: int) -> Story:
    async with wiring.board(given.settings()) as board:
        story = await tell(board, ids.loose_id(text), limit=limit)
    if story is None:
        raise BadInput(f"there is no strand {text}; `{given.program()} watch` shows ids")
    return story


def _told(line: Line, *, marked: bool) -> str:
    row = strands.short(line.strand)
    mark = "● " if marked else ""
    words = [row["kind"], row["at"], row["module"], row["about"], row["scores"], row["says"], row["id"]]
    also = f"(also from {', '.join(map(str, line.also_from))})" if line.also_from else ""
    return line.branches + mark + "  ".join(filter(None, [*words, also]))
