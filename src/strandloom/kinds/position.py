"""`position_tracking`, `risk_alert`: what is held, what it is worth, and what it risks.

Posted by trader.tracker on change, when equity has moved by a basis point, and again after a while;
tagged for the Decision Maker and CIL.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from strandloom.basics.quick import quick
from strandloom.kinds.registry import Body, kind


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One open position on one venue; quantity is signed."""

    venue: str
    symbol: str
    quantity: Decimal
    entry_price: Decimal
    mark: Decimal
    unrealised_usd: Decimal
    realised_usd: Decimal
    funding_usd: Decimal
    fees_usd: Decimal
    stop: Decimal | None
    risk_usd: Decimal  # what is lost if the stop fills at its price
    opened_at: datetime
    decision: UUID | None
    plan: UUID | None
    exploration: bool = False
    worst: Decimal | None = None  # the worst and the best price that it has seen
    best: Decimal | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Netted:
    """One symbol over all venues; quantity and value are signed."""

    symbol: str
    quantity: Decimal
    usd: Decimal


@kind(
    "position_tracking",
    posted_by="trader.positions",
    read_by="decision_maker.account, cil, people",
    tags=("trader:position_tracking", "dm:position_tracking", "cil:position_tracking"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PositionTracking(Body):
    """The whole account as the Trader sees it at one moment."""

    venue: str
    mode: Literal["paper", "testnet", "real"]
    equity_usd: Decimal  # at mark
    cash_usd: Decimal
    flows_usd: Decimal  # deposits less withdrawals, all time
    realised_usd: Decimal  # since the account began, costs and funding included
    unrealised_usd: Decimal
    held: tuple[Held, ...]
    netted: tuple[Netted, ...] = ()
    open_orders: int  # guards that are on their way to the venue count as well
    gross_usd: Decimal
    net_usd: Decimal
    correlated_usd: Decimal | None = None  # the heaviest stack of positions that move together
    in_doubt: tuple[str, ...] = ()  # symbols with an order whose fate is unknown
    unexplained: tuple[str, ...] = ()  # symbols where books and venue differ
    venue_healthy: bool = True


@kind(
    "risk_alert",
    posted_by="trader.sentinel",
    read_by="people, decision_maker, cil",
    tags=("trader:risk_alert", "dm:risk_alert", "cil:risk_alert"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAlert(Body):
    """What is open has come near a limit of the account, or has reached it; then a halt is asked for, too."""

    rule: str
    level: Literal["near", "reached"]  # 80 and 100 percent of the limit
    value: Decimal
    limit: Decimal
    what: str  # what both are measured in
