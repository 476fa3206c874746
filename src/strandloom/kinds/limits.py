"""`limits_changed`: the risk limits in force are others now.

Posted by decision_maker.limits when the user's file changed, or could not be taken over; read by people and
CIL.
"""

from dataclasses import dataclass

from strandloom.kinds.registry import Body, kind


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChange:
    """One limit, before and after."""

    limit: str
    before: str
    after: str


@kind("limits_changed", posted_by="decision_maker.limits", read_by="people, cil", tags=("dm:limits_changed",))
@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsChanged(Body):
    """What changed; with a problem nothing changed and the limits before stay in force."""

    changes: tuple[LimitChange, ...] = ()
    problem: str = ""
