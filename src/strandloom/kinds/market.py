"""Market values that several rooms share.

Prices and sizes on the way to a venue or the ledger are Decimal; bars feed features, so they are float.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One closed minute of one symbol as a feed told it; what the feed does not have is None."""

    venue: str
    symbol: str
    at: datetime  # open time of the minute
    open: float
    high: float
    low: float
    close: float
    volume: float  # base units
    trades: int | None = None
    quote_volume: float | None = None
    bid: float | None = None
    ask: float | None = None
    mark: float | None = None
    oracle: float | None = None
    funding: float | None = None  # hourly rate
    open_interest: float | None = None
    filled: bool = False  # made flat because nothing traded


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The best bid and ask of a symbol at one moment."""

    venue: str
    symbol: str
    at: datetime
    bid: Decimal
    bid_size: Decimal
    ask: Decimal
    ask_size: Decimal
    mark: Decimal | None = None
