"""`strandloom flatten`: a person cancels everything and closes everything, and hears what came of it."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from strandloom import wiring
from strandloom.basics.errors import BadInput
from strandloom.blackboard.cause import person
from strandloom.blackboard.strand import Draft
from strandloom.cli import answer, ending, given, show
from strandloom.cli.post import MODULE, market_time
from strandloom.kinds.attention import Flatten
from strandloom.kinds.sweep import Sweep


def flatten(
    why: Annotated[str, typer.Option("--why", help="The reason; it is kept with the strand.")],
    symbol: Annotated[str | None, typer.Option(help="Only this symbol; without it, everything.")] = None,
    wait_s: Annotated[
        float, typer.Option("--wait", min=0, max=600, help="Seconds to wait for the service's answer.")
    ] = 20.0,
    as_json: show.AsJson = False,
) -> None:
    """Cancel every order and close every position, whoever opened them; also while trading is halted.

    What only reduces a position stays until that is flat.  Exit code 1 when no service answered in time,
    an order could not be cancelled, or an account does not answer; the call may be repeated.
    """
    if not why.strip():
        raise BadInput("say with --why what the reason is")
    told, halted = asyncio.run(_asked(Flatten(reason=why, symbol=symbol), wait_s))
    if told is None:
        show.aside(answer.NOBODY)
        raise typer.Exit(ending.ANSWER_IS_NO)
    show.table(_lines(told), as_json=as_json, empty="nothing rests and nothing is held")
    if not halted:
        show.aside(f"new trades may be opened again: `{given.program()} halt --why …` stops that")
    if told.silent:
        show.aside(f"no answer from {', '.join(told.silent)}: say it again when the account is back")
    if told.silent or any(order.became == "not cancelled" for order in told.orders):
        raise typer.Exit(ending.ANSWER_IS_NO)


async def _asked(body: Flatten, wait_s: float) -> tuple[Sweep | None, bool]:
    """The answer, and whether a halt keeps what was closed from being opened again."""
    async with wiring.board(given.settings()) as board:
        draft = Draft(body=body, tags=("trader:flatten",), symbol=body.symbol)
        (posted,) = await board.post([draft], person(MODULE, await market_time(board)))
        answers = await answer.to(posted, board, "sweep", Sweep, wait_s)
        halts = await board.look("halt.all")
    halted = any(halt["symbol"] in ("", body.symbol) for halt in halts)
    return (answers[0] if answers else None), halted


def _lines(told: Sweep) -> Sequence[dict[str, Any]]:
    """Orders first, then positions, with whose they are."""
    orders = [
        _line(one.became, f"order {one.oid}", one, show.number(one.price), ours=one.ours)
        for one in told.orders
    ]
    closing = [_line("closing", "position", one, "", ours=one.ours) for one in told.closing]
    return [*orders, *closing]


def _line(became: str, what: str, one: Any, price: str, *, ours: bool) -> dict[str, Any]:
    return {
        "became": became,
        "what": what,
        "symbol": one.symbol,
        "side": one.side,
        "quantity": show.number(one.quantity),
        "price": price,
        "whose": "ours" if ours else "somebody else's",
        "venue": one.venue,
    }
