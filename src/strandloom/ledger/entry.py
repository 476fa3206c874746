"""The values of the books: a transaction moves dollars between accounts, and its entries sum to zero."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from strandloom.basics.quick import quick

Nature = Literal["asset", "equity", "income", "expense"]
What = Literal["fill", "funding", "flow", "opening"]
Source = Literal["trade", "reconciliation"]
ZERO = Decimal(0)

CASH = "cash"  # raw dollars: what is there after paying for positions, below zero when they are lent
CAPITAL = "capital"  # deposits less withdrawals
CARRIED = "carried"  # what the account had earned before its books began
_NATURES: dict[str, Nature] = {
    CASH: "asset",
    "position": "asset",  # at cost, with the quantity held
    CAPITAL: "equity",
    CARRIED: "equity",
    "realised": "income",
    "funding": "income",
    "fees": "expense",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account of one venue: `cash`, `position:BTC`, `fees:BTC`."""

    name: str

    @property
    def nature(self) -> Nature:
        return _NATURES[self.name.partition(":")[0]]

    @property
    def symbol(self) -> str | None:
        return self.name.partition(":")[2] or None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One side of a transaction: a debit is above zero, a credit below."""

    account: str
    usd: Decimal
    quantity: Decimal = ZERO  # of positions, signed


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Something that happened to an account, named for ever by (venue, what, symbol, at, tid)."""

    venue: str
    what: What
    symbol: str  # empty where none is concerned
    at: datetime
    tid: int
    entries: tuple[Entry, ...]
    details: dict[str, Any]

    def __post_init__(self) -> None:
        if sum([entry.usd for entry in self.entries]):
            raise ValueError(f"the entries of {self.what} {self.tid} on {self.venue} do not sum to zero")
