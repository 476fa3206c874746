"""Entry conditions: the small closed grammar in which a plan says when it may be entered.

Written by the Decision Maker and by people, checked by the Trader.  Every condition is one JSON object whose
`op` names it; what is unknown or malformed is refused when the strand is posted, so it can never be met.
"""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, with_config

closed = with_config(ConfigDict(extra="forbid"))


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class PriceAbove:
    """The mid price is above a level."""

    price: Annotated[Decimal, Field(gt=0)]
    op: Literal["price_above"] = "price_above"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBelow:
    """The mid price is below a level."""

    price: Annotated[Decimal, Field(gt=0)]
    op: Literal["price_below"] = "price_below"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class BreakoutAbove:
    """A minute closed at or below the level since the wait began, and the mid price is now above it."""

    price: Annotated[Decimal, Field(gt=0)]
    op: Literal["breakout_above"] = "breakout_above"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class BreakoutBelow:
    """A minute closed at or above the level since the wait began, and the mid price is now below it."""

    price: Annotated[Decimal, Field(gt=0)]
    op: Literal["breakout_below"] = "breakout_below"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class PullbackTo:
    """The mid price is within so many basis points of the level."""

    price: Annotated[Decimal, Field(gt=0)]
    within_bps: Annotated[Decimal, Field(gt=0, le=1_000)] = Decimal(5)
    op: Literal["pullback_to"] = "pullback_to"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeAbove:
    """The last closed minute traded more than this many times the mean of the sixty before it."""

    times: Annotated[Decimal, Field(gt=0)]
    op: Literal["volume_above"] = "volume_above"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadBelow:
    """The quoted spread is narrower than this."""

    bps: Annotated[Decimal, Field(gt=0)]
    op: Literal["spread_below"] = "spread_below"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """The time of day (UTC) is within [start, end); a window may cross midnight."""

    start: time
    end: time
    op: Literal["time_window"] = "time_window"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every one of them is met."""

    conditions: Annotated[tuple["Condition", ...], Field(min_length=1, max_length=16)]
    op: Literal["all_of"] = "all_of"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """At least one of them is met."""

    conditions: Annotated[tuple["Condition", ...], Field(min_length=1, max_length=16)]
    op: Literal["any_of"] = "any_of"


@closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """It is known, and it is not met; where the data is missing this is not met either."""

    condition: "Condition"
    op: Literal["not"] = "not"


Condition = Annotated[
    PriceAbove
    | PriceBelow
    | BreakoutAbove
    | BreakoutBelow
    | PullbackTo
    | VolumeAbove
    | SpreadBelow
    | TimeWindow
    | AllOf
    | AnyOf
    | Not,
    Field(discriminator="op"),
]
