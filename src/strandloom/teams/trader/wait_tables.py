"""Decisions that wait: for their condition, for a clear symbol, or for the time of their next slice."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.blackboard.strand import Write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write
from strandloom.kinds.decision import Decision
from strandloom.teams.trader.tables import in_order

Asked = Mapping[str, Any]


def begin(
    name: UUID,
    body: Decision,
    since: datetime,
    *,
    part: int = 0,
    due_at: datetime | None = None,
    why: str = "",
) -> Write:
    """A decision begins to wait; `part` is the slice that comes next, `due_at` the time before which not."""
    return Write(
        name="wait.open",
        values={
            "decision": str(name),
            "plan": str(body.plan) if body.plan else None,
            "symbol": body.symbol,
            "since": since.isoformat(),
            "expires_at": body.expires_at.isoformat(),
            "part": part,
            "due_at": due_at.isoformat() if due_at else None,
            "why": why,
        },
    )


def take(row: Asked) -> Write:
    """The wait is over because its order is asked for; false when somebody took it before."""
    return Write(name="wait.take", values={"decision": row["decision"], "part": row["part"]})


def end(decision: UUID | str) -> Write:
    """It ended otherwise."""
    return Write(name="wait.end", values={"decision": str(decision)})


@write("wait.open")
def _open(tables: Tables, asked: Asked) -> bool:
    if asked["decision"] not in tables["trader_waits"]:
        tables["trader_waits"].put(asked["decision"], dict(asked))
    return True


@write("wait.take")
def _take(tables: Tables, asked: Asked) -> bool:
    row = tables["trader_waits"].get(asked["decision"])
    if row is None or row["part"] != asked["part"]:
        return False
    tables["trader_waits"].remove(asked["decision"])
    return True


@write("wait.end")
def _end(tables: Tables, asked: Asked) -> bool:
    if asked["decision"] in tables["trader_waits"]:
        tables["trader_waits"].remove(asked["decision"])
    return True


@look("wait.open")
def _waits(tables: Tables, asked: Asked) -> Sequence[Row]:
    return in_order([row for _, row in tables["trader_waits"].rows()], "since", "decision")
