"""The stop that goes along with its entry, in one request, and whether such a stop works already; pure.

At the venue it is the entry's child: it waits until the entry is filled whole, then works, whatever
becomes of us; where the entry ends before that, the venue cancels it.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from strandloom.basics.quick import changed
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderIntent
from strandloom.kinds.plan import Side
from strandloom.teams.trader.order import Order
from strandloom.teams.trader.saying import cloid_of

SLIPPAGE: Final = Decimal("0.1")  # a triggered stop is a market order; this bounds its price


def worst_price(level: Decimal, side: Side) -> Decimal:
    """The bound of a stop at that level."""
    return level * (1 - SLIPPAGE) if side == "sell" else level * (1 + SLIPPAGE)


def with_stop(entry: OrderIntent, instrument: Instrument | None) -> tuple[OrderIntent, ...]:
    """An entry and the stop that goes along; alone where it has no level, or its stop would be too small."""
    if entry.stop is None or entry.reduce_only:
        return (entry,)
    cloid = cloid_of(entry.decision, "stop", f"with {entry.part}")
    together = changed(entry, goes_with=cloid)
    stop = along(together)
    if stop is None or (instrument is not None and stop.quantity * stop.price < instrument.smallest_usd):
        return (entry,)
    return together, stop


def along(entry: OrderIntent) -> OrderIntent | None:
    """The stop that goes along with an entry, the same for ever."""
    if entry.goes_with is None or entry.stop is None:
        return None
    side: Side = "sell" if entry.side == "buy" else "buy"
    return OrderIntent(
        decision=entry.decision,
        trade=entry.trade or entry.decision,
        plan=entry.plan,
        leg="stop",
        part=entry.part,
        cloid=entry.goes_with,
        venue=entry.venue,
        symbol=entry.symbol,
        side=side,
        quantity=entry.quantity,
        price=worst_price(entry.stop, side),
        trigger=entry.stop,
        time_in_force="gtc",
        reduce_only=True,
        expires_at=entry.expires_at,
        style="taker",
        because="the stop of the position, sent with its entry",
        exploration=entry.exploration,
        goes_with=entry.cloid,
    )


def waits(stop: Order, orders: Iterable[Order]) -> bool:
    """Is its entry still to be filled?  Then it guards nothing yet, and must stay."""
    entry = _entry(stop, orders)
    return entry is not None and entry.stands


def works(stop: Order, orders: Iterable[Order]) -> bool:
    """Will it act at its level?  One that went along: if its entry was filled whole and it is there."""
    if stop.goes_with is None:
        return stop.stands
    entry = _entry(stop, orders)
    return stop.rests and entry is not None and entry.left <= 0


def _entry(stop: Order, orders: Iterable[Order]) -> Order | None:
    return next((order for order in orders if stop.goes_with == order.cloid), None)
