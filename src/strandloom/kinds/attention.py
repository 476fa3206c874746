"""`condition_met`, `attention`, `flatten`, `venue_difference`: what happens between two minutes.

The parts of the service that watch quotes, clocks and the venue post the first two, and only when something
is to be done; the Trader's modules act on them, so that everything stays visible and can be replayed.  People
post `flatten`.  The Trader posts `venue_difference` where its books and the venue say different things.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from strandloom.kinds.registry import Body, kind


@kind(
    "condition_met",
    posted_by="trader.quote_watch",
    read_by="trader.orders",
    tags=("trader:condition_met",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionMet(Body):
    """A quote met the condition for which a decision waits; the order is asked for by whoever reads this."""

    decision: UUID
    symbol: str
    condition: str
    value: str
    mid: Decimal
    quoted_at: datetime


Reason = Literal[
    "start",  # this process has begun: what the venue has is compared with the books
    "reconnect",  # the venue was away and is back
    "news",  # the venue tells of a fill or of an order's end
    "repair",  # something that should rest at the venue does not, or the other way round
    "doubt",  # an order whose fate is unknown is asked for again
    "patience",  # a resting entry has waited long enough, or a wait or an order has run out
    "overrun",  # the mark has been beyond a stop for too long, and the position is still there
]


@kind(
    "attention",
    posted_by="the Trader's parts of the service",
    read_by="trader.tracker, trader.guard",
    tags=("trader:attention", "trader:attention:<reason>"),
    starts_lifecycle=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Attention(Body):
    """Look at the venue now; what was seen is in `what`."""

    reason: Reason
    symbol: str | None = None
    trade: UUID | None = None
    what: tuple[str, ...] = ()


@kind(
    "flatten",
    posted_by="people",
    read_by="trader.coordinator",
    tags=("trader:flatten",),
    starts_lifecycle=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Flatten(Body):
    """Cancel and close everything, whoever began it, on one symbol or on all; also while halted."""

    reason: str
    symbol: str | None = None


@kind(
    "venue_difference",
    posted_by="trader.tracker",
    read_by="people, decision_maker (through position_tracking), cil",
    tags=("trader:venue_difference", "cil:venue_difference"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class VenueDifference(Body):
    """Books and venue differ on a symbol; nothing new is opened there until they agree again."""

    venue: str
    symbol: str
    what: str
    ours: str
    theirs: str
    settled: bool = False  # they agree again
