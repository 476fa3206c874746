"""`position_tracking`: what is held, what it is worth, and what it risks.

Posted by trader.positions on change and on every heartbeat, tagged for the Decision Maker and CIL.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from strandloom.kinds.registry import Body, kind


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
    open_orders: int
    gross_usd: Decimal
    net_usd: Decimal
    in_doubt: tuple[str, ...] = ()  # symbols with an order whose fate is unknown
    unexplained: tuple[str, ...] = ()  # symbols where books and venue differ
    venue_healthy: bool = True
