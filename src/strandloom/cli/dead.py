"""`strandloom dead`: deliveries that were given up wait here for a person."""

import asyncio
from typing import Annotated, Any

import typer

from strandloom import wiring
from strandloom.basics.errors import BadInput
from strandloom.blackboard.board import READ_LIMIT, Board
from strandloom.blackboard.delivery import DeadLetter
from strandloom.cli import given, show, strands
from strandloom.kinds.every import every

app = typer.Typer(no_args_is_help=True, add_completion=False)
Consumer = Annotated[str, typer.Argument(help="Whose delivery; `dead list` shows it.")]
Seq = Annotated[int, typer.Argument(help="The number of the strand; `dead list` shows it.")]
Whose = Annotated[str | None, typer.Option(help="Only this consumer's.")]


@app.callback()
def dead() -> None:
    """Look after deliveries that were given up: read why, try again, or drop them."""


@app.command("list")
def list_(
    consumer: Whose = None,
    limit: Annotated[int, typer.Option(min=1, max=READ_LIMIT, help="How many at most.")] = 50,
    as_json: show.AsJson = False,
) -> None:
    """List dead letters, newest first, with the last line of their errors."""
    letters = asyncio.run(_letters(consumer, limit))
    show.table([_short(letter) for letter in letters], as_json=as_json, empty="nothing is dead")


@app.command("show")
def show_(consumer: Consumer, seq: Seq, as_json: show.AsJson = False) -> None:
    """Show one dead letter with its whole error and its strand."""
    every()
    told = asyncio.run(_told(consumer, seq))
    error = told["error"]
    if as_json:
        show.record(told, as_json=True)
        return
    show.record({name: value for name, value in told.items() if name != "error"}, as_json=False)
    show.sentence(str(error))


@app.command()
def retry(
    consumer: Annotated[str | None, typer.Argument(help="Whose delivery.")] = None,
    seq: Annotated[int | None, typer.Argument(help="The number of the strand.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All dead letters, or all of that consumer.")
    ] = False,
    as_json: show.AsJson = False,
) -> None:
    """Deliver dead letters again, with all their attempts."""
    if seq is None and not everything:
        raise BadInput("say which: `dead retry CONSUMER SEQ`, or `dead retry [CONSUMER] --all`")
    revived = asyncio.run(_retry(consumer, seq))
    show.record({"delivered_again": revived}, as_json=as_json)


@app.command()
def drop(consumer: Consumer, seq: Seq, as_json: show.AsJson = False) -> None:
    """Delete one dead letter; its strand stays on the board."""
    asyncio.run(_drop(consumer, seq))
    show.record({"dropped": 1}, as_json=as_json)


async def _letters(consumer: str | None, limit: int) -> list[DeadLetter]:
    async with wiring.board(given.settings()) as board:
        return list(await board.dead(consumer=consumer, limit=limit))


async def _told(consumer: str, seq: int) -> dict[str, Any]:
    async with wiring.board(given.settings()) as board:
        letter = await _one(board, consumer, seq)
        strand = await board.get(letter.strand_id)
    about = strands.short(strand) if strand else {"id": str(letter.strand_id)}
    return {**_fields(letter), **about, "error": letter.error}


async def _retry(consumer: str | None, seq: int | None) -> int:
    async with wiring.board(given.settings()) as board:
        if consumer is not None and seq is not None:
            await _one(board, consumer, seq)
            return int(await board.revive(consumer, seq))
        revived = 0
        while letters := await board.dead(consumer=consumer, limit=READ_LIMIT):
            again = [await board.revive(letter.consumer, letter.seq) for letter in letters]
            revived += sum(again)
            if not any(again):
                break  # what is left belongs to consumers that no longer exist
        return revived


async def _drop(consumer: str, seq: int) -> None:
    async with wiring.board(given.settings()) as board:
        if not await board.drop(consumer, seq):
            raise _missing(consumer, seq)


async def _one(board: Board, consumer: str, seq: int) -> DeadLetter:
    for letter in await board.dead(consumer=consumer, limit=READ_LIMIT):
        if letter.seq == seq:
            return letter
    raise _missing(consumer, seq)


def _missing(consumer: str, seq: int) -> BadInput:
    return BadInput(f"{consumer} has no dead letter {seq}; `{given.program()} dead list` shows what there is")


def _short(letter: DeadLetter) -> dict[str, Any]:
    return {**_fields(letter), "error": letter.error.strip().splitlines()[-1] if letter.error.strip() else ""}


def _fields(letter: DeadLetter) -> dict[str, Any]:
    return {
        "died_at": letter.died_at,
        "consumer": letter.consumer,
        "seq": letter.seq,
        "attempts": letter.attempts,
        "strand": str(letter.strand_id),
    }
