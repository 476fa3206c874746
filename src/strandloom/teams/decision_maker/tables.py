"""The tables of risk: claims on the budget, the account's standing, halts; their writes and looks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from strandloom.basics.iso import iso
from strandloom.blackboard.strand import Write, new_write
from strandloom.blackboard.tables import Row, Table, Tables
from strandloom.blackboard.writes import look, write
from strandloom.risk.reliability import Reliability
from strandloom.risk.standing import Standing
from strandloom.risk.values import Ask
from strandloom.teams.decision_maker.carried import Carried

ACCOUNT = "main"
OBSERVERS = "observers"
REMEMBERED = timedelta(hours=1)  # nobody asks for older approvals
_carried = Carried()
Asked = Mapping[str, Any]


def claim(
    ask: Ask,
    decision: UUID,
    at: datetime,
    expires_at: datetime,
    budget_usd: Decimal,
    probe_budget_usd: Decimal,
) -> Write:
    """Claim an approved plan's risk, if the budget still has it by then."""
    return new_write(
        name="budget.claim",
        values={
            "plan": ask.plan,
            "decision": str(decision),
            "idea": ask.idea,
            "symbol": ask.symbol,
            "signed_usd": str(ask.signed_usd),
            "risk_usd": str(ask.risk_usd),
            "exploration": ask.exploration,
            "claimed_at": iso(at),
            "expires_at": iso(expires_at),
            "budget_usd": str(budget_usd),
            "probe_budget_usd": str(probe_budget_usd),
            "replaces": ask.replaces,
        },
    )


def use(plan: UUID, signed_usd: Decimal, risk_usd: Decimal) -> Write:
    """The plan was filled, even one that was given up: what is open now, not what was asked for."""
    values = {"plan": str(plan), "signed_usd": str(signed_usd), "risk_usd": str(risk_usd)}
    return new_write(name="budget.use", values=values)


def release(plan: UUID, at: datetime) -> Write:
    """The plan's position is closed, or it never came to one."""
    return new_write(name="budget.release", values={"plan": str(plan), "at": iso(at)})


def put_standing(standing: Standing, version: int, account: str = ACCOUNT) -> Write:
    """Replace the standing that was read as `version`."""
    content = _carried.content_of(standing)
    return new_write(name="risk.put", values={"account": account, "version": version, "content": content})


def standing_of(rows: Sequence[Row]) -> tuple[Standing | None, int]:
    """The answer of the look `risk.state`: the standing and its version."""
    if not rows:
        return None, 0
    return _carried.standing_of(rows[0]["content"]), int(rows[0]["version"])


def standing_in(state: Row | None) -> Standing | None:
    """The standing as the look `risk.situation` tells it."""
    return None if state is None else _carried.standing_of(state["content"])


def put_reliability(table: Reliability, version: int) -> Write:
    """Replace the observers' table that was read as `version`."""
    values = {"account": OBSERVERS, "version": version, "content": table.to_row()}
    return new_write(name="risk.put", values=values)


def reliability_of(rows: Sequence[Row]) -> tuple[Reliability, int]:
    """The observers' table and its version; an empty one before the first plan has ended."""
    if not rows:
        return Reliability(), 0
    return Reliability.of_row(rows[0]["content"]), int(rows[0]["version"])


def set_halt(rule: str, symbol: str | None, reason: str, by: str, since: datetime, strand: UUID) -> Write:
    """A halt comes into force; one that is in force already stays as it is."""
    values = {"rule": rule, "symbol": symbol or "", "reason": reason, "by": by}
    return new_write(name="halt.set", values={**values, "since": iso(since), "strand": str(strand)})


def clear_halt(rule: str, symbol: str | None) -> Write:
    """A halt ends."""
    return new_write(name="halt.clear", values={"rule": rule, "symbol": symbol or ""})


_CLAIM = (
    *("plan", "decision", "idea", "symbol", "signed_usd", "risk_usd", "exploration", "claimed_at"),
    "expires_at",
)


@write("budget.claim")
def _claim(tables: Tables, asked: Asked) -> bool:
    live, recent = tables["risk_claims"], tables["risk_recent"]
    if asked["plan"] in live or asked["plan"] in tables["risk_released"]:
        return True
    spent = probes = Decimal(asked["risk_usd"])
    for plan, row in live.rows():
        same = asked["idea"] == row["idea"] or asked["symbol"] == row["symbol"]
        if same and plan != asked["replaces"]:
            return False
        risk = Decimal(row["risk_usd"])
        spent += risk
        if row["exploration"]:
            probes += risk
    if spent > Decimal(asked["budget_usd"]):
        return False
    if asked["exploration"] and probes > Decimal(asked["probe_budget_usd"]):
        return False
    live.put(asked["plan"], {**{name: asked[name] for name in _CLAIM}, "state": "claimed"})
    _forget_older(recent, datetime.fromisoformat(asked["claimed_at"]) - REMEMBERED)
    recent.put(asked["plan"], {name: asked[name] for name in ("claimed_at", "exploration")})
    return True


def _forget_older(recent: Table[str], than: datetime) -> None:
    """The rows lie in order of time, so the first young one ends the search."""
    for plan, row in list(islice(recent.rows(), 100)):
        if datetime.fromisoformat(row["claimed_at"]) > than:
            break
        recent.remove(plan)


@write("budget.use")
def _use(tables: Tables, asked: Asked) -> bool:
    row = tables["risk_claims"].get(asked["plan"]) or tables["risk_released"].get(asked["plan"])
    if row is not None:
        if asked["plan"] in tables["risk_released"]:
            tables["risk_released"].remove(asked["plan"])
        changed = {"state": "used", "signed_usd": asked["signed_usd"], "risk_usd": asked["risk_usd"]}
        tables["risk_claims"].put(asked["plan"], {**row, **changed})
    return True


@write("budget.release")
def _release(tables: Tables, asked: Asked) -> bool:
    row = tables["risk_claims"].get(asked["plan"])
    if row is not None:
        tables["risk_claims"].remove(asked["plan"])
        tables["risk_released"].put(asked["plan"], row)
    return True


@write("risk.put")
def _put(tables: Tables, asked: Asked) -> bool:
    before = tables["risk_state"].get(asked["account"])
    version = before["version"] if before else 0
    if version != asked["version"]:
        return False
    row = {"account": asked["account"], "version": version + 1, "content": asked["content"]}
    tables["risk_state"].put(asked["account"], row)
    return True


@write("halt.set")
def _halt(tables: Tables, asked: Asked) -> bool:
    key = (asked["rule"], asked["symbol"])
    if key not in tables["risk_halts"]:
        tables["risk_halts"].put(key, dict(asked))
    return True


@write("halt.clear")
def _clear(tables: Tables, asked: Asked) -> bool:
    key = (asked["rule"], asked["symbol"])
    if key in tables["risk_halts"]:
        tables["risk_halts"].remove(key)
    return True


@look("budget.live")
def _live(tables: Tables, asked: Asked) -> Sequence[Row]:
    rows = [row for _, row in tables["risk_claims"].rows()]
    if len(rows) < 2:
        return rows
    return sorted(rows, key=lambda row: (datetime.fromisoformat(row["claimed_at"]), row["plan"]))


@look("budget.recent")
def _recent(tables: Tables, asked: Asked) -> Sequence[Row]:
    since = datetime.fromisoformat(asked["since"])
    rows = tables["risk_recent"].rows()
    return [row for _, row in rows if datetime.fromisoformat(row["claimed_at"]) > since]


@look("risk.state")
def _state(tables: Tables, asked: Asked) -> Sequence[Row]:
    row = tables["risk_state"].get(asked["account"])
    return [row] if row else []


@look("halt.all")
def _halts(tables: Tables, asked: Asked) -> Sequence[Row]:
    return [row for _, row in tables["risk_halts"].rows()]


@look("risk.situation")
def _situation(tables: Tables, asked: Asked) -> Sequence[Row]:
    """What the four looks above say, at one moment."""
    state = tables["risk_state"].get(asked["account"])
    live, recent, halts = _live(tables, asked), _recent(tables, asked), _halts(tables, asked)
    return [{"state": state, "live": live, "recent": recent, "halts": halts}]
