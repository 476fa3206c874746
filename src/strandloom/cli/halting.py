"""`strandloom halt` and `strandloom resume`: a person stops trading, or lets it go on."""

import asyncio
from typing import Annotated, get_args

import typer

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.blackboard.cause import person
from strandloom.blackboard.strand import Draft
from strandloom.cli import given, show
from strandloom.cli.post import MODULE
from strandloom.kinds.decision import HaltOrder, ReleasedRule, ResumeOrder

Why = Annotated[str, typer.Option("--why", help="The reason; it is kept with the strand.")]
Symbol = Annotated[str | None, typer.Option(help="Only this symbol; without it, everything.")]


def halt(why: Why, symbol: Symbol = None, as_json: show.AsJson = False) -> None:
    """Open nothing more, everywhere or on one symbol; closing stays possible."""
    body = HaltOrder(reason=_reason(why), symbol=symbol)
    _post(Draft(body=body, tags=("dm:halt", "trader:halt"), symbol=symbol), as_json)


def resume(
    why: Why,
    symbol: Symbol = None,
    rule: Annotated[
        str, typer.Option(help=f"What is released: {', '.join(get_args(ReleasedRule))}.")
    ] = "kill_switch",
    as_json: show.AsJson = False,
) -> None:
    """Release a halt, a latched loss limit, or one level of a symbol's probation."""
    if rule not in get_args(ReleasedRule):
        raise BadInput(f"--rule is one of {', '.join(get_args(ReleasedRule))}, not {rule!r}")
    if rule == "probation" and symbol is None:
        raise BadInput("probation is released for one symbol: name it with --symbol")
    body = ResumeOrder(reason=_reason(why), symbol=symbol, rule=rule)  # type: ignore[arg-type]
    _post(Draft(body=body, tags=("dm:resume", "trader:resume"), symbol=symbol), as_json)


def _reason(why: str) -> str:
    if not why.strip():
        raise BadInput("say with --why what the reason is")
    return why


def _post(draft: Draft, as_json: bool) -> None:
    async def post() -> str:
        async with wiring.board(given.settings()) as board:
            (posted,) = await board.post([draft], person(MODULE, SystemClock().now()))
        return str(posted)

    show.record({"id": asyncio.run(post())}, as_json=as_json)
