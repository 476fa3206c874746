"""What a venue tells of an account as it happens: for whoever must not wait for the next minute.

Connecting and coming back are one path: subscribe, gather what arrives, ask for the fills since the last one
seen and for what rests and is held, tell that, then what was gathered.  Each fill is told exactly once per
reader; whoever keeps books keeps them idempotent by (symbol, at, tid), as a restart begins at `since` again.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.venues.port import Balance, ReportState


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderUpdate:
    """An order took on a state.  Fills are told apart from this, before or after it."""

    venue: str
    symbol: str
    oid: int
    cloid: str | None
    state: ReportState
    status: str  # in the venue's own word
    left: Decimal
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueCancelled:
    """The venue ended an order by itself."""

    venue: str
    symbol: str
    oid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquidated:
    """The venue is closing our positions by force; the fills follow, marked as liquidation."""

    venue: str
    account_value_usd: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSnapshot:
    """What rests and what is held, asked for after all fills before it were told.

    Told after each connecting, and now and then in between, because a message can be lost.
    """

    venue: str
    orders: tuple[OpenOrder, ...]
    balance: Balance
    again: bool  # after a loss; False: the first one of this reader, or one in between


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """The connection is lost; until the next snapshot nothing is told."""

    venue: str
    reason: str


AccountEvent = Fill | FundingPaid | OrderUpdate | VenueCancelled | Liquidated | AccountSnapshot | Away


class AccountFeed(Protocol):
    """The account's channels of one venue."""

    def events(self, since: datetime) -> AsyncIterator[AccountEvent]:
        """Everything from `since` on, for ever; it comes back by itself after any loss."""
        ...
