"""A trade as its orders make it: what was entered, what was left, and what it earned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from strandloom.basics.quick import quick
from strandloom.kinds.plan import Side
from strandloom.teams.trader.order import ZERO, Order

BY_THE_VENUE: Final[Mapping[str, str]] = {"delisting": "delisted", "liquidation": "liquidated"}
"""What the venue ends by itself, and how the reason of such an order begins."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One position that a decision opened; a projection of its orders, never edited."""

    decision: UUID
    plan: UUID | None
    venue: str
    symbol: str
    side: Side
    stop: Decimal | None
    take_profit: Decimal | None
    exploration: bool
    opened_at: datetime
    worst: Decimal | None
    best: Decimal | None
    orders: tuple[Order, ...]
    entered: Decimal
    paid_usd: Decimal
    left: Decimal
    earned_usd: Decimal
    fees_usd: Decimal
    held: Decimal  # what is still held, without a sign
    entry_price: Decimal  # 0 before anything was entered

    @property
    def buys(self) -> bool:
        return self.side == "buy"

    @property
    def flat(self) -> bool:
        return self.entered > 0 and self.left >= self.entered

    @property
    def quantity(self) -> Decimal:
        """Signed, what is still held."""
        return self.held if self.buys else -self.held

    @property
    def realised_usd(self) -> Decimal:
        """What the part that was left earned, less all fees."""
        cost = self.left * self.entry_price
        gained = self.earned_usd - cost if self.buys else cost - self.earned_usd
        return gained - self.fees_usd

    @property
    def risk_usd(self) -> Decimal:
        """What is lost if the stop fills at its price; all of it where there is none."""
        if self.stop is None:
            return self.held * self.entry_price
        distance = self.entry_price - self.stop if self.buys else self.stop - self.entry_price
        return self.held * max(distance, ZERO)

    @property
    def ended_by(self) -> str:
        """What closed it, in words: the last of its closing orders that traded."""
        exits = [order for order in self.orders if order.leg != "entry" and order.filled]
        if not exits:
            return ""
        last = max(exits, key=attrgetter("at"))
        own = next((name for name, begins in BY_THE_VENUE.items() if last.why.startswith(begins)), last.leg)
        return own.replace("_", "-")


id_of = lru_cache(maxsize=1_000)(UUID)  # the same few are read again and again


def of(row: Mapping[str, Any], orders: Iterable[Order]) -> Trade:
    """The trade of a row of the books with its orders as they stand."""
    mine = tuple(orders)
    entered = paid = left = earned = fees = ZERO
    for order in mine:
        fees += order.fee_usd
        if order.leg == "entry":
            entered += order.filled
            paid += order.filled * (order.average_price or ZERO)
        else:
            left += order.filled
            earned += order.filled * (order.average_price or ZERO)
    return Trade(
        decision=id_of(row["decision"]),
        plan=id_of(row["plan"]) if row["plan"] else None,
        venue=row["venue"],
        symbol=row["symbol"],
        side=row["side"],
        stop=_decimal(row["stop"]),
        take_profit=_decimal(row["take_profit"]),
        exploration=row["exploration"],
        opened_at=datetime.fromisoformat(row["opened_at"]),
        worst=_decimal(row["worst"]),
        best=_decimal(row["best"]),
        orders=mine,
        entered=entered,
        paid_usd=paid,
        left=left,
        earned_usd=earned,
        fees_usd=fees,
        held=entered - left,
        entry_price=paid / entered if entered else ZERO,
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
