"""Predicates: the small closed grammar in which a lesson says what it speaks of.

Written by code and by the model writer when they propose, checked by everyone who uses a lesson.  Every
predicate is one JSON object whose `op` names it; what is unknown or malformed is refused when the strand is
posted.  A predicate is tested against the facts of a forecast or of an order: yes, no, or not known.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from strandloom.kinds.condition import closed
from strandloom.kinds.plan import Side
from strandloom.kinds.prediction import Direction, Family

Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w.*:/+-]+$")]
Names = Annotated[tuple[Name, ...], Field(min_length=1, max_length=32)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Scope = Literal["symbol", "timeframe", "regime", "session", "venue", "style", "volatility", "spread", "size"]


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class KindIs:
    """The evidence is of this family: a pattern's forecast, a plan, a refusal or an order's execution."""

    kind: Family
    op: Literal["kind_is"] = "kind_is"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class PatternIs:
    """The forecast comes from this pattern, `volume.spike`, or from one of its family, `volume.*`."""

    pattern: Name
    op: Literal["pattern_is"] = "pattern_is"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionIs:
    """It points this way."""

    direction: Direction
    op: Literal["direction_is"] = "direction_is"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class SideIs:
    """The order is on this side."""

    side: Side
    op: Literal["side_is"] = "side_is"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeIn:
    """One dimension of the scope is one of these names."""

    scope: Scope
    names: Names
    op: Literal["scope_in"] = "scope_in"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureAbove:
    """A feature that led to the pattern was above this value."""

    feature: Name
    value: Number
    op: Literal["feature_above"] = "feature_above"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureBelow:
    """A feature that led to the pattern was below this value."""

    feature: Name
    value: Number
    op: Literal["feature_below"] = "feature_below"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every one of them holds."""

    predicates: Annotated[tuple["Predicate", ...], Field(min_length=1, max_length=16)]
    op: Literal["all_of"] = "all_of"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """At least one of them holds."""

    predicates: Annotated[tuple["Predicate", ...], Field(min_length=1, max_length=16)]
    op: Literal["any_of"] = "any_of"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """It is known, and it does not hold; where a fact is missing this does not hold either."""

    predicate: "Predicate"
    op: Literal["not"] = "not"


Predicate = Annotated[
    KindIs | PatternIs | DirectionIs | SideIs | ScopeIn | FeatureAbove | FeatureBelow | AllOf | AnyOf | Not,
    Field(discriminator="op"),
]
