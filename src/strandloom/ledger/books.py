"""The books of one venue as values: what they come to, now or after further transactions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from strandloom.ledger.entry import CAPITAL, CASH, ZERO, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What is held of one symbol, signed, and what it cost."""

    quantity: Decimal = ZERO
    cost_usd: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Balances by account; a projection of the entries."""

    usd: Mapping[str, Decimal] = field(default_factory=dict)
    quantity: Mapping[str, Decimal] = field(default_factory=dict)

    @staticmethod
    def of(rows: Iterable[Mapping[str, Any]]) -> "Books":
        """From rows of the look `ledger.balances`."""
        rows = list(rows)
        return Books(
            usd={row["account"]: Decimal(str(row["usd"])) for row in rows},
            quantity={row["account"]: Decimal(str(row["quantity"])) for row in rows},
        )

    def after(self, transactions: Iterable[Transaction]) -> "Books":
        """The same books with more in them."""
        usd, quantity = dict(self.usd), dict(self.quantity)
        for entry in (entry for transaction in transactions for entry in transaction.entries):
            usd[entry.account] = usd.get(entry.account, ZERO) + entry.usd
            quantity[entry.account] = quantity.get(entry.account, ZERO) + entry.quantity
        return replace(self, usd=usd, quantity=quantity)

    @property
    def flows_usd(self) -> Decimal:
        """Deposits less withdrawals."""
        return -self.usd.get(CAPITAL, ZERO)

    @property
    def settled_usd(self) -> Decimal:
        """What the venue calls cash: raw cash and positions at cost."""
        return self.usd.get(CASH, ZERO) + sum((stock.cost_usd for stock in self.held.values()), ZERO)

    @property
    def held(self) -> dict[str, Stock]:
        """By symbol; one that is flat keeps the dust of its rounding as cost."""
        return {
            name.partition(":")[2]: Stock(quantity=self.quantity.get(name, ZERO), cost_usd=usd)
            for name, usd in self.usd.items()
            if name.startswith("position:")
        }

    def total(self, name: str) -> Decimal:
        """An account of every symbol together, as people count: what was earned or spent is above zero."""
        mine = sum((usd for account, usd in self.usd.items() if account.partition(":")[0] == name), ZERO)
        return mine if name == "fees" else -mine

    @property
    def symbols(self) -> list[str]:
        """Every symbol that was ever traded."""
        return sorted({name.partition(":")[2] for name in self.usd if ":" in name})
