"""A trade as its orders make it: what was entered, what was left, and what it earned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from strandloom.kinds.decision import Decision
from strandloom.venues.port import Report

RESTING = ("acknowledged", "partly_filled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One position that a decision opened; a projection of its orders, never edited."""

    decision: UUID
    symbol: str
    buys: bool
    opened_at: datetime
    entered: Decimal = Decimal(0)
    paid_usd: Decimal = Decimal(0)
    left: Decimal = Decimal(0)
    earned_usd: Decimal = Decimal(0)
    fees_usd: Decimal = Decimal(0)
    resting: tuple[str, ...] = ()
    ended_by: str = ""

    @staticmethod
    def begin(row: Mapping[str, Any], decision: Decision) -> "Trade":
        """Nothing is known of its orders yet."""
        return Trade(
            decision=UUID(str(row["decision"])),
            symbol=decision.symbol,
            buys=decision.side == "buy",
            opened_at=datetime.fromisoformat(str(row["opened_at"])),
        )

    def with_order(self, row: Mapping[str, Any], report: Report) -> "Trade":
        """The same trade with one more of its orders."""
        value = report.filled * (report.average_price or Decimal(0))
        after = replace(self, fees_usd=self.fees_usd + report.fee_usd)
        if report.state in RESTING:
            after = replace(after, resting=(*after.resting, row["cloid"]))
        if row["leg"] == "entry":
            return replace(after, entered=after.entered + report.filled, paid_usd=after.paid_usd + value)
        ended_by = str(row["leg"]).replace("_", "-") if report.filled else after.ended_by
        return replace(
            after, left=after.left + report.filled, earned_usd=after.earned_usd + value, ended_by=ended_by
        )

    @property
    def flat(self) -> bool:
        return self.entered > 0 and self.left >= self.entered

    @property
    def quantity(self) -> Decimal:
        """Signed, what is still held."""
        held = self.entered - self.left
        return held if self.buys else -held

    @property
    def entry_price(self) -> Decimal:
        return self.paid_usd / self.entered if self.entered else Decimal(0)

    @property
    def realised_usd(self) -> Decimal:
        """What the part that was left earned, less all fees."""
        cost = self.left * self.entry_price
        gained = self.earned_usd - cost if self.buys else cost - self.earned_usd
        return gained - self.fees_usd
