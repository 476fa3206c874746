"""`strandloom limits` and `strandloom budget`: what the gate allows, and how much of it is taken."""

import asyncio
from decimal import Decimal
from typing import Any

from strandloom import wiring
from strandloom.cli import given, show
from strandloom.kinds.position import PositionTracking
from strandloom.risk import limits as risk_limits
from strandloom.teams.decision_maker import tables


def limits(as_json: show.AsJson = False) -> None:
    """Show every risk limit in force, and whether it comes from RISK_FILE."""
    path = given.settings().risk_file
    mine, shipped = risk_limits.load(path), risk_limits.load()
    changed = risk_limits.differences(shipped, mine)
    values = {
        f"{section}.{name}": value
        for section, part in mine.model_dump(mode="json").items()
        for name, value in part.items()
    }
    if as_json:
        show.record(values, as_json=True)
        return
    rows = [
        {"limit": name, "value": _plain(value), "from": str(path) if name in changed else "shipped"}
        for name, value in values.items()
    ]
    show.table(rows, as_json=False)


def budget(as_json: show.AsJson = False) -> None:
    """Show the risk that positions and approved plans have taken, the halts in force, and how we stand."""
    claims, halts, standing = asyncio.run(_budget())
    if as_json:
        show.record({**standing, "claims": claims, "halts": halts}, as_json=True)
        return
    show.record(standing, as_json=False)
    show.table(claims, as_json=False, title="claims", empty="nothing is claimed")
    show.table(halts, as_json=False, title="halts", empty="no halt is in force")


async def _budget() -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    limits_now = risk_limits.load(given.settings().risk_file)
    async with wiring.board(given.settings()) as board:
        live = await board.look("budget.live")
        halts = await board.look("halt.all")
        standing, _ = tables.standing_of(await board.look("risk.state", account=tables.ACCOUNT))
        tracked = await board.latest("position_tracking")
    taken = sum((Decimal(str(row["risk_usd"])) for row in live), Decimal(0))
    facts: dict[str, Any] = {"taken_usd": f"{taken:.2f}"}
    if tracked and isinstance(tracked[0].body, PositionTracking) and standing is not None:
        equity = tracked[0].body.equity_usd
        facts = {
            "equity_usd": f"{equity:.2f}",
            "budget_usd": f"{equity * limits_now.account.risk_budget_percent / 100:.2f}",
            **facts,
            "day_start_usd": f"{standing.day_start_usd:.2f}",
            "below_high_water_percent": f"{(1 - standing.unit_value / standing.high_water) * 100:.2f}",
            "losing_streak": standing.losing_streak,
        }
    shown = ("symbol", "idea", "state", "risk_usd", "signed_usd", "exploration", "claimed_at", "plan")
    claims = [{name: row[name] for name in shown} for row in live]
    return (
        claims,
        [{name: row[name] for name in ("rule", "symbol", "reason", "by", "since")} for row in halts],
        facts,
    )


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(f"{w['start'][:5]}-{w['end'][:5]}" for w in value) or "none"
    return str(value)
