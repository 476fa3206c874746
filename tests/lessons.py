"""Builders of lessons for tests."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from strandloom.kinds.lesson import Lesson
from strandloom.kinds.predicate import AllOf, DirectionIs, PatternIs, ScopeIn

NOON = datetime(2025, 5, 20, 12, tzinfo=UTC)
SPIKE_UP = AllOf(predicates=(PatternIs(pattern="volume.spike"), DirectionIs(direction="up")))
MAKER_WHEN_WILD = AllOf(
    predicates=(ScopeIn(scope="style", names=("maker",)), ScopeIn(scope="volatility", names=("wild",)))
)


def a_lesson(number: int = 1, /, **changes: Any) -> Lesson:
    """A candidate as it was registered at noon."""
    base: dict[str, Any] = {
        "lesson": UUID(int=number),
        "revision": 0,
        "version": 1,
        "parent": None,
        "status": "candidate",
        "reason": "registered",
        "family": "pattern",
        "predicate": SPIKE_UP,
        "action_hint": "expect",
        "horizon_s": 1_800,
        "cost_model": "venue/1",
        "cost_bps": 12.0,
        "writer": "rule",
        "mechanism": "",
        "registered_at": NOON,
        "valid_from": NOON,
        "known_from": NOON,
    }
    return Lesson(**(base | changes))
