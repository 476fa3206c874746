"""Is what the Trader sees of the account worth a strand?  What nobody could act on is not told again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from strandloom.blackboard.strand import Strand
from strandloom.kinds.position import PositionTracking

MOVED = Decimal("0.0001")  # of the equity: one basis point
AGAIN_HELD = timedelta(minutes=15)
AGAIN_FLAT = timedelta(hours=1)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_ZERO = Decimal(0)


def is_news(before: Strand | None, now: PositionTracking, at: datetime) -> bool:
    """Something other than marks has changed, equity has moved, or it is time to say it again."""
    told = before.body if before else None
    if before is None or not isinstance(told, PositionTracking):
        return True
    again = AGAIN_HELD if now.held or now.open_orders else AGAIN_FLAT
    if _slot(before.at, again) != _slot(at, again):
        return True
    if abs(now.equity_usd - told.equity_usd) >= MOVED * abs(told.equity_usd):
        return True
    return _without_marks(told) != _without_marks(now)


def _slot(at: datetime, length: timedelta) -> int:
    """Which stretch of that length a time lies in, counted from a midnight."""
    return (at - _BEGINNING) // length


def _without_marks(body: PositionTracking) -> PositionTracking:
    held = tuple(replace(one, mark=_ZERO, unrealised_usd=_ZERO, worst=None, best=None) for one in body.held)
    netted = tuple(replace(one, usd=_ZERO) for one in body.netted)
    return replace(
        body,
        held=held,
        netted=netted,
        equity_usd=_ZERO,
        unrealised_usd=_ZERO,
        gross_usd=_ZERO,
        net_usd=_ZERO,
        correlated_usd=None,
    )
