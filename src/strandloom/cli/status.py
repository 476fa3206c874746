"""`strandloom status`: one screen that says what runs, who leads, what is held, and what is wrong."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.cli import given, show
from strandloom.store.database import Database

_OLD_HEARTBEAT_S = 150.0


def status(as_json: show.AsJson = False) -> None:
    """Show what runs: heartbeat, roles and their leaders, queues, positions, halts, and the last jobs."""
    told = asyncio.run(_told())
    if as_json:
        show.record(told, as_json=True)
        return
    show.record(_summary(told), as_json=False, title="Strandloom")
    show.table(told["roles"], as_json=False, title="Roles", empty="no process has led a role yet")
    show.table(told["behind"], as_json=False, title="Behind", empty="nobody is behind")
    show.table(told["halts"], as_json=False, title="Halts", empty="no halt is in force")
    show.table(told["jobs"], as_json=False, title="Last jobs", empty="no job has run yet")


async def _told() -> dict[str, Any]:
    async with wiring.store(given.settings()) as database:
        return await _read(database, SystemClock().wall())


async def _read(database: Database, now: datetime) -> dict[str, Any]:
    (single,) = await database.fetch("api.single")
    queues = [dict(row) for row in await database.fetch("api.queues")]
    jobs = [dict(row) for row in await database.fetch("jobs.runs", 1)]
    leaders = [dict(row) for row in await database.fetch("roles.leaders")]
    processes = [dict(row) for row in await database.fetch("roles.processes")]
    halts = [dict(row) for row in await database.fetch("api.halts")]
    alive = {row["process"] for row in processes if (now - row["seen_at"]).total_seconds() < 10}
    return {
        "heartbeat_age_s": single["strandloom_heartbeat_age_seconds"],
        "market_time_s": single["strandloom_market_time_seconds"],
        "equity_usd": single["trading_portfolio_value_usd"],
        "unrealised_usd": single["trading_unrealized_pnl_usd"],
        "positions": single["trading_positions_open"],
        "daily_loss_percent": single["trading_daily_loss_percent"],
        "processes": len(alive),
        "waiting": sum(row["waiting"] + row["expired"] for row in queues),
        "dead_letters": sum(row["dead"] for row in queues),
        "roles": [_role(row, alive) for row in leaders],
        "behind": [_behind(row) for row in queues if (row["oldest_s"] or 0.0) > 5.0 or row["dead"]],
        "halts": halts,
        "jobs": [{name: row[name] for name in ("job", "slot", "outcome", "answers")} for row in jobs],
    }


def _role(row: Mapping[str, Any], alive: set[str]) -> dict[str, Any]:
    led = row["in_force"] and row["process"] in alive
    return {
        "role": row["role"],
        "led by": row["process"] if led else "nobody",
        "since": row["since"],
        "epoch": row["epoch"],
        "standing by": len(row["standing_by"] or ()),
    }


def _behind(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "module": row["consumer"],
        "waiting": row["waiting"] + row["expired"],
        "backing off": row["backing_off"],
        "dead": row["dead"],
        "oldest_s": None if row["oldest_s"] is None else round(row["oldest_s"], 1),
    }


def _summary(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "state": _state(told),
        "heartbeat": _heartbeat(told),
        "account": _account(told),
        "queues": f"{told['waiting']} deliveries wait, {told['dead_letters']} were given up",
        "processes": told["processes"],
    }


def _state(told: Mapping[str, Any]) -> str:
    if not told["processes"]:
        return "stopped; start it with `run`"
    if any(role["led by"] == "nobody" for role in told["roles"]):
        return "running, but not every role is led"
    return "halted: nothing new is opened" if told["halts"] else "running"


def _heartbeat(told: Mapping[str, Any]) -> str:
    age_s, market_s = told["heartbeat_age_s"], told["market_time_s"]
    if age_s is None:
        return "none yet"
    when = f"{datetime.fromtimestamp(market_s, UTC):%Y-%m-%d %H:%M}"
    late = ", which is late" if told["processes"] and age_s > _OLD_HEARTBEAT_S else ""
    return f"{age_s:.0f} s ago{late}; the market's time is {when} UTC"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _account(told: Mapping[str, Any]) -> str:
    if told["equity_usd"] is None:
        return "not known yet"
    return (
        f"{told['equity_usd']:,.2f} USD, {_counted(told['positions'], 'position')} open "
        f"({told['unrealised_usd']:+,.2f} USD), {told['daily_loss_percent'] or 0.0:.2f} % lost today"
    )
