"""`strandloom llm`: what language models were asked, what it cost, and what is left to spend."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, get_args

import typer

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.cli import given, show
from strandloom.llm import opening
from strandloom.llm.calls import Outcome

app = typer.Typer(no_args_is_help=True, add_completion=False)
_NUMBERS = ("calls", "answered", "quarantined", "failed", "declined", "tokens_in", "tokens_out")


@app.callback()
def llm() -> None:
    """See what language models were asked, what it cost, and what is left to spend."""


@app.command()
def calls(
    agent: Annotated[str | None, typer.Option(help="Only of this module: cil.synthesis.")] = None,
    outcome: Annotated[str | None, typer.Option(help=f"Only {', '.join(get_args(Outcome))}.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")] = 30,
    as_json: show.AsJson = False,
) -> None:
    """List calls, newest first, with what they took and why one was not used."""
    if outcome is not None and outcome not in get_args(Outcome):
        raise BadInput(f"--outcome is one of {', '.join(get_args(Outcome))}, not {outcome!r}")
    rows = asyncio.run(_fetched("llm.newest", agent, outcome, limit))
    if not as_json:
        rows = [_short(row) for row in rows]
    show.table(rows, as_json=as_json, empty="no language model has been asked yet")


@app.command()
def cost(
    days: Annotated[int, typer.Option(min=1, max=400, help="How far back.")] = 30,
    as_json: show.AsJson = False,
) -> None:
    """Show what models cost, per day, agent and model."""
    since = SystemClock().wall().date() - timedelta(days=days - 1)
    rows = [_priced(row) for row in asyncio.run(_fetched("llm.cost", since))]
    show.table(rows, as_json=as_json, empty=f"no language model has been asked in {days} days")


@app.command()
def budget(as_json: show.AsJson = False) -> None:
    """Show what is spent or set aside today and ever, against the most that may be."""
    now = SystemClock().wall()
    spent = asyncio.run(_fetched("llm.spent", f"{now:%Y-%m-%d}"))
    show.table(_budgets({row["scope"]: row["usd"] for row in spent}, now), as_json=as_json)


def _budgets(spent: dict[str, Decimal], now: datetime) -> list[dict[str, Any]]:
    limits = opening.budgets(given.settings())
    day = f"{now:%Y-%m-%d}"
    rows = [
        _line("in all", spent.get("all"), limits.total_usd, None),
        _line("today", spent.get(f"day {day}"), limits.day_usd, _midnight(now)),
    ]
    agents = sorted(scope for scope in spent if scope.startswith("agent "))
    return rows + [
        _line(scope.split()[1], spent[scope], limits.agent_day_usd, _midnight(now)) for scope in agents
    ]


def _line(what: str, usd: Decimal | None, limit: Decimal, again: datetime | None) -> dict[str, Any]:
    spent = usd or Decimal(0)
    return {
        "budget": what,
        "spent_usd": f"{spent:.4f}",
        "limit_usd": f"{limit:.2f}",
        "left_usd": f"{max(limit - spent, Decimal(0)):.4f}",
        "starts_again": again,
    }


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time(), UTC)


async def _fetched(query: str, *args: object) -> list[dict[str, Any]]:
    async with wiring.store(given.settings()) as database:
        return [dict(row) for row in await database.fetch(query, *args)]


def _short(row: dict[str, Any]) -> dict[str, Any]:
    used = None if row["tokens_in"] is None else f"{row['tokens_in']}+{row['tokens_out']}"
    return {
        "at": row["at"],
        "agent": row["agent"],
        "prompt": row["prompt"],
        "tokens": used,
        "cost_usd": None if row["cost_usd"] is None else f"{row['cost_usd']:.6f}",
        "latency_ms": row["latency_ms"],
        "outcome": row["outcome"],
        "why": row["fallback_reason"],
    }


def _priced(row: dict[str, Any]) -> dict[str, Any]:
    counted = {name: int(row[name]) for name in _NUMBERS}
    told = {"day": str(row["day"]), "agent": row["agent"], "model": row["model"], **counted}
    mean = row["mean_latency_ms"]
    return {
        **told,
        "cost_usd": f"{row['cost_usd']:.6f}",
        "mean_latency_ms": None if mean is None else int(mean),
    }
