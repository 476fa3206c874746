"""`strandloom report`: what a day came to, as JSON, as lines, or as a page to keep."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from strandloom import wiring
from strandloom.basics.errors import BadInput
from strandloom.blackboard.strand import Strand
from strandloom.cli import given, show
from strandloom.kinds.report import PerformanceReport
from strandloom.report import day as days
from strandloom.report.page import page

_NEWEST = 1_000
_NONE = "there is no report {of}; one is posted when the market's {span} is over, `{program} jobs` says when"
_QUIET = "nothing happened on that day; `{program} report --hour` tells of the hour that ended last"


def report(
    day: Annotated[
        str | None, typer.Option(metavar="DATE", help="The market's day; without it, the last that is over.")
    ] = None,
    hour: Annotated[bool, typer.Option("--hour", help="The last hour instead of a day.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page to this file, too.")] = None,
    as_json: show.AsJson = False,
) -> None:
    """Show what a day of trading came to: result, refusals by rule, risk, data, best and worst patterns."""
    wanted = None if day is None else _day(day)
    told = days.as_json(asyncio.run(_found(wanted, "hour" if hour else "day")))
    if html is not None:
        html.write_text(page(told))
    if as_json:
        show.record(told, as_json=True)
        return
    show.record(_summary(told), as_json=False, title=f"Report of {told['date']}")
    for name in ("patterns", "plans", "signals"):
        show.table(_lines(told[name]), as_json=False, title=name.capitalize(), empty=f"no {name}")
    blocks = [{"rule": rule, "refusals": count} for rule, count in told["blocks"].items()]
    show.table(blocks, as_json=False, title="Refusals", empty="nothing was refused")
    if not hour and not (told["trade_count"] or told["signals"]["count"] or told["decisions"]["plans"]):
        show.aside(_QUIET.format(program=given.program()))
    if html is not None:
        show.sentence(f"the page is in {html}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--day takes a date like 2026-01-31, not {text!r}") from None


async def _found(day: date | None, span: str) -> PerformanceReport:
    async with wiring.board(given.settings()) as board:
        found = _of(await board.latest("performance_report", limit=_NEWEST), span)
    for body in found:
        if day is None or _began(body.since, day):
            return body
    of = "yet" if day is None else f"of {day}"
    raise BadInput(_NONE.format(of=of, span=span, program=given.program()))


def _of(strands: Sequence[Strand], span: str) -> list[PerformanceReport]:
    bodies = [strand.body for strand in strands]
    return [body for body in bodies if isinstance(body, PerformanceReport) and body.span == span]


def _began(since: datetime, day: date) -> bool:
    return since.date() == day


def _summary(told: dict[str, Any]) -> dict[str, Any]:
    decided, execution, risk = told["decisions"], told["execution"], told["risk_budget"]
    return {
        "result": f"{told['pnl']:+,.2f} USD",
        "of it": f"fees {told['fees']:,.2f} USD, funding {told['funding']:+,.2f} USD",
        "trades": f"{told['trade_count']} closed, {told['won']} won",
        "plans": f"{decided['plans']}: {decided['approved']} approved, {decided['refused']} refused",
        "orders": execution["orders"],
        "cost_bps": execution["cost_bps"],
        "at risk": f"{risk['claimed']:,.2f} USD in {risk['claims']} claims",
        "equity": risk["equity"],
        "data": ", ".join(f"{one['bars']} {one['problem']}" for one in told["data_quality"]) or "in order",
    }


def _lines(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "": kind,
            "name": line["name"],
            "count": line["count"],
            "mean bps": line["mean_bps"],
            "USD": line["usd"],
        }
        for kind in ("best", "worst")
        for line in told[kind]
    ]
