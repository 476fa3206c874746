"""`sweep`: what a halt or an order to flatten found at the venue, and what became of it.

Posted by trader.coordinator, once per order to flatten and once per halt that found something, for people.
It names orders that none of ours asked for, too: those placed by hand or with another program.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from strandloom.kinds.plan import Side
from strandloom.kinds.registry import Body, kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """One order that rested at the venue."""

    venue: str
    symbol: str
    oid: int
    side: Side
    price: Decimal  # of a trigger: the price at which it wakes
    quantity: Decimal
    ours: bool
    became: Literal[
        "cancelled",
        "kept",  # it only reduces what is held, and ends with it
        "not cancelled",  # the venue would not, or did not say
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """One position that is being closed."""

    venue: str
    symbol: str
    side: Side  # of the closing order
    quantity: Decimal
    ours: bool  # a decision of ours opened it


@kind(
    "sweep",
    posted_by="trader.coordinator",
    read_by="people",
    tags=("trader:sweep",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep(Body):
    """Every order that rested, what became of it, and every position that is being closed."""

    why: str
    symbol: str | None = None  # None: all of them
    orders: tuple[Swept, ...] = ()
    closing: tuple[Closing, ...] = ()
    silent: tuple[str, ...] = ()  # accounts that did not answer: what rests and is held there is not known
