"""`strandloom reconcile`: asks the running service to hold the books against the venue."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from strandloom import wiring
from strandloom.blackboard.cause import person
from strandloom.cli import answer, ending, given, show
from strandloom.cli.post import MODULE, market_time
from strandloom.jobs import posting
from strandloom.jobs.timetable import Slot
from strandloom.kinds.reconciliation import Difference, Reconciliation


def reconcile(
    wait_s: Annotated[
        float, typer.Option("--wait", min=0, max=600, help="Seconds to wait for the service's answer.")
    ] = 20.0,
    history: Annotated[
        bool, typer.Option("--history", help="Show what earlier ones found instead, the newest first.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="With --history: at most so many.")] = 30,
    as_json: show.AsJson = False,
) -> None:
    """Hold the books against the venue, book what was missed, and say what stays unexplained.

    Exit code 1 when they differ, or when no service answered in time.
    """
    if history:
        rows = [_kept(row) for row in asyncio.run(_history(limit))]
        show.table(rows, as_json=as_json, empty="the books have not been held against a venue yet")
        return
    told = asyncio.run(_asked(wait_s))
    if not told:
        show.aside(answer.NOBODY)
        raise typer.Exit(ending.ANSWER_IS_NO)
    for account in sorted(told, key=lambda one: one.venue):
        show.record(_told(account) if as_json else _said(account), as_json=as_json)
        if account.differences and not as_json:
            show.table([_differs(one) for one in account.differences], as_json=False)
    if not all(account.agrees for account in told):
        raise typer.Exit(ending.ANSWER_IS_NO)


async def _asked(wait_s: float) -> list[Reconciliation]:
    async with wiring.board(given.settings()) as board:
        at = await market_time(board)
        draft = posting.draft(Slot(at, "reconcile"), by_person=True)
        (job,) = await board.post([draft], person(MODULE, at))
        return await answer.to(job, board, "reconciliation", Reconciliation, wait_s)


async def _history(limit: int) -> Sequence[dict[str, Any]]:
    async with wiring.board(given.settings()) as board:
        return await board.look("ledger.drift", limit=limit)


def _told(body: Reconciliation) -> dict[str, Any]:
    return {
        "venue": body.venue,
        "agrees": body.agrees,
        "drift_usd": body.drift_usd,
        "books_cash_usd": body.books_cash_usd,
        "venue_cash_usd": body.venue_cash_usd,
        "booked_fills": body.booked_fills,
        "booked_fundings": body.booked_fundings,
        "booked_flows_usd": body.booked_flows_usd,
        "unexplained": list(body.unexplained),
        "cleared": list(body.cleared),
        "differences": [_differs(one) for one in body.differences],
    }


def _said(body: Reconciliation) -> dict[str, Any]:
    """For people: what agrees, by how much it does not, and what was booked to explain it."""
    booked = f"{body.booked_fills} fills, {body.booked_fundings} fundings, {body.booked_flows_usd:,.2f} USD"
    told = {
        "venue": body.venue,
        "books and venue": "agree" if body.agrees else "differ",
        "cash in the books": f"{body.books_cash_usd:,.6f} USD",
        "cash at the venue": f"{body.venue_cash_usd:,.6f} USD",
        "difference": f"{body.drift_usd:+,.6f} USD",
        "booked just now": f"{booked} of deposits",
    }
    if body.unexplained:
        told["opens nothing on"] = " ".join(body.unexplained)
    if body.cleared:
        told["opens again on"] = " ".join(body.cleared)
    return told


def _differs(one: Difference) -> dict[str, Any]:
    row = {"what": one.what, "symbol": one.symbol, "books": one.books, "venue": one.venue}
    return {**row, "unit": one.unit, "why": one.why}


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    names = (
        "at",
        "venue",
        "agrees",
        "drift_usd",
        "books_cash_usd",
        "venue_cash_usd",
        "booked",
        "unexplained",
    )
    return {name: row[name] for name in names}
