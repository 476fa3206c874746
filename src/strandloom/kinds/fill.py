"""What a venue tells of an account: its fills, what funding paid, and the orders that rest there."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from strandloom.basics.quick import quick
from strandloom.kinds.plan import Side


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One execution.  (at, symbol, tid) names it for ever, whoever tells of it and how often."""

    venue: str
    symbol: str
    tid: int
    oid: int
    cloid: str | None  # None: an order that none of ours asked for
    side: Side
    price: Decimal
    quantity: Decimal
    fee_usd: Decimal
    closed_pnl_usd: Decimal  # realised by this fill, before its fee
    at: datetime
    maker: bool
    liquidation: bool = False
    ambiguous: bool = False  # the order of two fills inside one bar is an assumption


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingPaid:
    """Funding of one symbol at one hour; negative: paid by us."""

    venue: str
    symbol: str
    usd: Decimal
    rate: Decimal
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """An order that rests or waits for its trigger at the venue."""

    venue: str  # the account with which it rests
    symbol: str
    oid: int
    cloid: str | None
    side: Side
    price: Decimal
    quantity: Decimal  # what is left
    trigger: Decimal | None
    reduce_only: bool
    at: datetime
