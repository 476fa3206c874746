"""Kinds that only the tests know, small stand-ins for the families of the product."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from strandloom.kinds.registry import Body, Content, kind


@kind("t_pulse", posted_by="tests", read_by="tests", starts_lifecycle=True)
@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse(Body):
    """Like a heartbeat: starts a lifecycle of its own."""

    minute: int = 0
    feed: str = "test"


@kind("t_note", posted_by="tests", read_by="tests")
@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Body):
    """Says something."""

    text: str = ""
    number: float = 0.0


@kind("t_plan", posted_by="tests", read_by="tests", starts_lifecycle=True, plan=True)
@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Body):
    """Like a trading plan: what follows from it belongs to its lifecycle."""

    size: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A value inside a body."""

    at: datetime | None = None
    price: Decimal | None = None


@kind("t_rich", posted_by="tests", read_by="tests")
@dataclass(frozen=True, slots=True, kw_only=True)
class Rich(Body):
    """One of everything that a body may hold."""

    legs: tuple[Leg, ...] = ()
    ratios: dict[str, float] | None = None
    anything: Any = None


def _from_1(content: Content) -> Content:
    return {"words": [content["word"]]}


@kind("t_grown", version=2, posted_by="tests", read_by="tests", upgrades={1: _from_1})
@dataclass(frozen=True, slots=True, kw_only=True)
class Grown(Body):
    """Had one word in version 1 and has several now."""

    words: tuple[str, ...]
