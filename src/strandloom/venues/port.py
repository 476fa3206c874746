"""What the Trader needs of a venue.  Every call may be repeated: an order is known by its client order id."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

from strandloom.blackboard.desk import Market
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderIntent

Mode = Literal["paper", "testnet", "real"]
ReportState = Literal["acknowledged", "partly_filled", "filled", "cancelled", "rejected", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Where the venue says that an order stands."""

    state: ReportState
    filled: Decimal = Decimal(0)
    average_price: Decimal | None = None
    fee_usd: Decimal = Decimal(0)
    oid: int | None = None
    why: str = ""
    ambiguous: bool = False  # the order of two fills inside one bar is an assumption


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One position as the venue nets it."""

    symbol: str
    quantity: Decimal  # signed
    entry_price: Decimal
    mark: Decimal
    unrealised_usd: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """An account as the venue sees it."""

    equity_usd: Decimal
    cash_usd: Decimal
    flows_usd: Decimal
    positions: tuple[Position, ...]
    open_orders: int


class Venue(Protocol):
    """One account at one venue."""

    @property
    def name(self) -> str: ...

    @property
    def mode(self) -> Mode: ...

    def instrument(self, symbol: str) -> Instrument | None: ...

    async def follow(self, market: Market) -> None:
        """Bring the venue up to this minute of the market, where it does not move by itself."""
        ...

    async def place(self, intent: OrderIntent, at: datetime) -> Report:
        """Send it; one that is known already is only looked up."""
        ...

    async def cancel(self, symbol: str, cloid: str, at: datetime) -> Report | None:
        """Cancel it; what has ended stays as it ended, None where the venue knows no such order."""
        ...

    async def order(self, cloid: str) -> Report | None:
        """Where it stands; None where the venue knows no such order."""
        ...

    async def funding_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        """Funding received (negative: paid) on a symbol in that time."""
        ...

    async def balance(self) -> Balance: ...
