"""Is what the Trader sees of the account worth a strand?  What nobody could act on is not told again."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

from strandloom.basics.ids import unix_ms
from strandloom.blackboard.strand import Strand
from strandloom.kinds.position import Held, Netted, PositionTracking

MOVED = Decimal("0.0001")  # of the equity: one basis point
AGAIN_HELD_MINUTES = 15  # after it was last told
AGAIN_FLAT_MINUTES = 60
MINUTE_MS = 60_000
DAY_MS = 1_440 * MINUTE_MS


def _without(body: type, *marks: str) -> Callable[[object], tuple[object, ...]]:
    """Reads every field but those."""
    return attrgetter(*(field.name for field in fields(body) if field.name not in marks))


_of_held = _without(Held, "mark", "unrealised_usd", "worst", "best")
_of_netted = _without(Netted, "usd")
_of_account = _without(
    PositionTracking,
    "held", "netted", "equity_usd", "unrealised_usd", "gross_usd", "net_usd", "correlated_usd",
)  # fmt: skip


def is_news(before: Strand | None, now: PositionTracking, at: datetime) -> bool:
    """Something other than marks has changed, equity has moved, a day begins, or it was long not said."""
    told = before.body if before else None
    if before is None or not isinstance(told, PositionTracking):
        return True
    again_minutes = AGAIN_HELD_MINUTES if now.held or now.open_orders else AGAIN_FLAT_MINUTES
    at_ms, told_ms = unix_ms(at), unix_ms(before.at)
    if at_ms - told_ms >= again_minutes * MINUTE_MS or at_ms // DAY_MS != told_ms // DAY_MS:
        return True
    if abs(now.equity_usd - told.equity_usd) >= MOVED * abs(told.equity_usd):
        return True
    return _gist(told) != _gist(now)


def _gist(body: PositionTracking) -> tuple[object, ...]:
    """All that does not move with the marks."""
    return _of_account(body), *map(_of_held, body.held), *map(_of_netted, body.netted)
