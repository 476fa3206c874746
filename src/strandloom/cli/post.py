"""`strandloom post`: a person posts a strand."""

import asyncio
import json
import sys
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from strandloom import wiring
from strandloom.basics import ids
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.blackboard import content, tags
from strandloom.blackboard.board import Past
from strandloom.blackboard.cause import person
from strandloom.blackboard.strand import Draft
from strandloom.cli import given, show
from strandloom.kinds.every import every
from strandloom.kinds.registry import Kind, by_name

MODULE = "people.command_line"


def post(
    kind: Annotated[str, typer.Argument(help="What it is; docs/strands.md lists the kinds.")],
    fields: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE]…", help="Its content; a value is JSON, or else text."),
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="A tag; may be repeated.  Without any, the kind's own.")
    ] = None,
    parent: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A strand it follows from; may be repeated.")
    ] = None,
    symbol: Annotated[str | None, typer.Option(help="The symbol it is about.")] = None,
    whole: Annotated[
        str | None, typer.Option("--content", help="All of its content as JSON; - reads standard input.")
    ] = None,
    as_json: show.AsJson = False,
) -> None:
    """Post a strand in a person's name; it is routed like any other, and its id is printed."""
    every()
    known = _kind(kind)
    draft = Draft(
        body=content.load(kind, _content(fields or [], whole), known.version),
        tags=tuple(tag) if tag else _own_tags(known),
        parents=tuple(ids.loose_id(text) for text in parent or ()),
        symbol=symbol,
    )
    show.record({"id": asyncio.run(_post(draft))}, as_json=as_json)


async def _post(draft: Draft) -> UUID:
    async with wiring.board(given.settings()) as board:
        (posted,) = await board.post([draft], person(MODULE, await market_time(board)))
    return posted


async def market_time(board: Past) -> datetime:
    """That of the newest heartbeat: what a person says belongs to the market the network is looking at."""
    newest = await board.latest("heartbeat")
    return newest[0].at if newest else SystemClock().now()


def _kind(name: str) -> Kind:
    kind = by_name(name)
    if kind is None:
        raise BadInput(f"there is no kind {name!r}; there are: {', '.join(k.name for k in every())}")
    return kind


def _own_tags(kind: Kind) -> tuple[str, ...]:
    plain = tuple(tag for tag in kind.tags if tags.problem(tag) is None)
    if not plain:
        raise BadInput(f"say with --tag how a {kind.name} shall be tagged")
    return plain


def _content(fields: list[str], whole: str | None) -> dict[str, Any]:
    content = _object(sys.stdin.read() if whole == "-" else whole) if whole is not None else {}
    for pair in fields:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise BadInput(f"content is given as NAME=VALUE, not {pair!r}")
        content[name] = _value(value)
    return content


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BadInput(f"--content is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise BadInput("--content must be a JSON object: names and values")
    return found


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
