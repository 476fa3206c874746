"""`order_intent`, `order_status`: an order from the wish to its end.

Both are posted by the Trader.  The intent is committed before anything is sent, and its client order id
derives from the decision, so that a second attempt is the same order.  Statuses are read by the gate,
the position tracker, the analyser and people; those of filled orders are also tagged `dm:execution_feedback`.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from strandloom.basics.quick import quick
from strandloom.kinds.plan import Side, TimeInForce
from strandloom.kinds.registry import Body, kind

Leg = Literal["entry", "stop", "take_profit", "close"]
OrderState = Literal[
    "pending",  # waiting for the plan's condition
    "intended",
    "sent",
    "acknowledged",
    "partly_filled",
    "filled",
    "cancelled",
    "rejected",
    "expired",
    "unknown",  # a lost reply: neither placed nor rejected until the venue says so
    "closed",  # the position it opened is flat
]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How an entry's style was chosen: what else was possible, and what the chooser was shown."""

    style: Literal["maker", "taker", "sliced"]
    why: str
    cost_bps: dict[str, float]  # expected cost of every style that was possible
    shown: tuple[str, ...] = ()  # evidence, lessons and guidance, in words
    lessons: tuple[UUID, ...] = ()  # the lessons that spoke
    told_by: tuple[UUID, ...] = ()  # the strands in which they were told: causes of the order
    trying: bool = False  # the less-known style on paper, to learn what it costs


@kind(
    "order_intent",
    posted_by="trader.orders, trader.guard, trader.tracker, trader.coordinator",
    read_by="trader.sender",
    tags=("trader:order_intent", "trader:order_intent:with_entry"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderIntent(Body):
    """One order that is to be sent, exactly once in effect."""

    decision: UUID
    leg: Leg
    part: int = 0  # slices of one leg count from 0
    cloid: str
    venue: str
    symbol: str
    side: Side
    quantity: Decimal
    price: Decimal  # limit, or the bound of a crossing order
    trigger: Decimal | None = None
    time_in_force: TimeInForce
    reduce_only: bool
    expires_at: datetime
    style: str  # maker, taker, sliced: why is in `because`
    because: str = ""
    arrival: Decimal | None = None  # mid price when the order was wanted
    trade: UUID | None = None  # the decision whose position it opens, guards or closes; None: its own
    plan: UUID | None = None
    exploration: bool = False
    risk_usd: Decimal = Decimal(0)  # what its decision claimed
    stop: Decimal | None = None  # entries: what guards the position once there is one
    take_profit: Decimal | None = None
    replaces: tuple[str, ...] = ()  # client order ids that end when this one stands
    patient_until: datetime | None = None  # a maker entry that still rests then crosses the spread
    chosen: Choice | None = None  # entries: how style and venue were chosen
    p: float | None = None  # the chance that it saves against a taker order, as known when it was asked for
    p_above: float | None = None  # the same of the next coarser way of sending
    likely_saved_bps: tuple[float, float] | None = None  # 95 of 100 such orders; None: too few to say
    goes_with: str | None = None  # of an entry the stop in its request; of a guard the entry it is sent with
    followed: bool = (
        False  # of an entry: what guards it and is not in its request is sent once it is filled whole
    )


@kind(
    "order_status",
    posted_by="trader.*",
    read_by="decision_maker.account, trader, cil, people",
    tags=("trader:order_status", "trader:order_status:<state>", "dm:execution_feedback", "trader:bare"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatus(Body):
    """Where an order stands, and how it came there."""

    state: OrderState
    decision: UUID
    plan: UUID | None
    leg: Leg
    cloid: str | None  # None while pending
    venue: str | None
    symbol: str
    side: Side
    quantity: Decimal
    filled: Decimal = Decimal(0)
    average_price: Decimal | None = None
    fee_usd: Decimal = Decimal(0)
    realised_usd: Decimal | None = None  # closed: the net result of the whole trade
    oid: int | None = None
    exploration: bool = False
    risk_usd: Decimal = Decimal(0)
    condition: str | None = None  # pending: what is waited for, its value now, and how far it is
    value: str | None = None
    distance: str | None = None
    why: str = ""
    trade: UUID | None = None  # the decision whose position it is about; None: its own
    part: int = 0
    style: str = ""
    more: bool = False  # an end without a fill that is not the end: further parts of the entry follow
