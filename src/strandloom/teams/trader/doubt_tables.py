"""The Trader's open questions: each stands under its name until it is settled or runs out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.blackboard.strand import Write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write
from strandloom.kinds.uncertainty import Uncertainty

Asked = Mapping[str, Any]


def opened(body: Uncertainty, raised: UUID) -> Write:
    """A question that `raised` asks."""
    values = {
        "doubt": body.doubt,
        "subject": body.subject,
        "symbol": body.symbol,
        "raised": str(raised),
        "raised_at": body.raised_at.isoformat(),
        "expires_at": body.expires_at.isoformat(),
    }
    return Write(name="doubt.open", values=values)


def ended(doubt: str, subject: str) -> Write:
    """It is settled, or has run out."""
    return Write(name="doubt.end", values={"doubt": doubt, "subject": subject})


@write("doubt.open")
def _open(tables: Tables, asked: Asked) -> bool:
    key = (asked["doubt"], asked["subject"])
    if key not in tables["trader_doubts"]:
        tables["trader_doubts"].put(key, dict(asked))
    return True


@write("doubt.end")
def _end(tables: Tables, asked: Asked) -> bool:
    key = (asked["doubt"], asked["subject"])
    if key in tables["trader_doubts"]:
        tables["trader_doubts"].remove(key)
    return True


@look("doubt.one")
def _one(tables: Tables, asked: Asked) -> Sequence[Row]:
    row = tables["trader_doubts"].get((asked["doubt"], asked["subject"]))
    return [row] if row else []


@look("doubt.over")
def _over(tables: Tables, asked: Asked) -> Sequence[Row]:
    """Those that have run out."""
    at = datetime.fromisoformat(asked["at"])
    rows = [row for _, row in tables["trader_doubts"].rows()]
    over = [row for row in rows if datetime.fromisoformat(row["expires_at"]) <= at]
    return sorted(over, key=lambda row: (row["doubt"], row["subject"]))
