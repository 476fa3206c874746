"""Builders with defaults: a test names only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.strand import Draft
from tests.kinds import Note, Plan, Pulse

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def minute(n: int) -> datetime:
    """Market time n minutes after noon."""
    return NOON + timedelta(minutes=n)


def a_pulse(n: int = 0, **fields: Any) -> Draft:
    return Draft(body=Pulse(minute=n), tags=fields.pop("tags", ("market:heartbeat",)), **fields)


def a_note(text: str = "", **fields: Any) -> Draft:
    return Draft(body=Note(text=text), tags=fields.pop("tags", ("raw_data:note",)), **fields)


def a_plan(**fields: Any) -> Draft:
    return Draft(body=Plan(), tags=fields.pop("tags", ("dm:plan",)), **fields)


def from_feed(n: int = 0, *, module: str = "market.feed") -> Cause:
    """The cause of minute n's heartbeat."""
    return Cause(module=module, at=minute(n), key=f"test:{n}")
