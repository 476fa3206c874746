"""What the Trader is not sure of: untried ways of sending, orders in doubt, results off the map."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from strandloom.blackboard.strand import Draft
from strandloom.kinds.uncertainty import Doubt, Uncertainty
from strandloom.teams.trader.because import percent
from strandloom.teams.trader.closed_trade import ClosedTrade

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


def outside_interval(trade: ClosedTrade, at: datetime) -> Draft | None:
    """A result that the plan did not think possible."""
    interval = trade.interval_bps()
    if interval is None or interval[0] <= trade.realised_bps <= interval[1]:
        return None
    low, high = interval
    reason = f"it came to {percent(trade.realised_bps)}; its plan allowed {percent(low)} to {percent(high)}"
    settles = "the next trade of the same idea inside its interval"
    return _draft(
        "outside_interval", str(trade.decision), trade.status.symbol, at, reason, settles, 0.6, None
    )


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
    return Draft(body=body, tags=_TAGS[doubt], symbol=symbol)
