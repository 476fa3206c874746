"""What the Trader is not sure of: untried ways of sending, orders in doubt, results off the map."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from strandloom.blackboard.strand import Draft
from strandloom.kinds.uncertainty import Doubt, Uncertainty

ENOUGH = 8  # orders of one way of sending; until then its cost is mostly the model's word
LASTS = timedelta(days=7)
_TAGS: dict[Doubt, tuple[str, ...]] = {
    doubt: (f"trader:uncertainty:{doubt}", "cil:uncertainty", "dm:exploration")
    for doubt in ("few_executions", "order_in_doubt", "outside_interval")
}


def few_executions(way: str, orders: int, at: datetime, raised: UUID | None = None) -> Draft:
    """Hardly any order went this way; settled by trying it."""
    reason = f"{orders} orders were sent as {way.replace('|', ', ')}; {ENOUGH} are needed to know its cost"
    return _draft("few_executions", way, None, at, reason, f"{ENOUGH} orders sent this way", 0.3, raised)


def order_in_doubt(cloid: str, symbol: str, reason: str, at: datetime, raised: UUID | None = None) -> Draft:
    """Nobody knows whether the venue has it; settled by asking until its own expiry has passed."""
    return _draft("order_in_doubt", cloid, symbol, at, reason, "the venue's word on the order", 1.0, raised)


def outside_interval(subject: str, symbol: str | None, came: str, settles: str, at: datetime) -> Uncertainty:
    """A result that nobody had thought possible."""
    return Uncertainty(
        doubt="outside_interval",
        subject=subject,
        symbol=symbol,
        phase="raised",
        priority=0.6,
        raised_at=at,
        expires_at=at + LASTS,
        resolves_by=settles,
        reason=came,
        raised=None,
    )


def ended(row: Mapping[str, Any], phase: Literal["resolved", "unresolved"], reason: str) -> Draft:
    """The end of a question that stands in the tables."""
    return told(
        Uncertainty(
            doubt=row["doubt"],
            subject=row["subject"],
            symbol=row["symbol"],
            phase=phase,
            priority=0.0,
            raised_at=datetime.fromisoformat(row["raised_at"]),
            expires_at=datetime.fromisoformat(row["expires_at"]),
            resolves_by="",
            reason=reason,
            raised=UUID(row["raised"]),
        )
    )


def told(body: Uncertainty) -> Draft:
    """The question with its tags."""
    return Draft(body=body, tags=_TAGS[body.doubt], symbol=body.symbol)


def _draft(
    doubt: Doubt,
    subject: str,
    symbol: str | None,
    at: datetime,
    reason: str,
    resolves_by: str,
    priority: float,
    raised: UUID | None,
) -> Draft:
    phase: Literal["raised", "resolved"] = "raised" if raised is None else "resolved"
    body = Uncertainty(
        doubt=doubt,
        subject=subject,
        symbol=symbol,
        phase=phase,
        priority=priority,
        raised_at=at,
        expires_at=at + LASTS,
        resolves_by=resolves_by,
        reason=reason,
        raised=raised,
    )
    return told(body)
