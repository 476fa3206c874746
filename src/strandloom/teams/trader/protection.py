"""What guards a position: one reduce-only stop for the whole of it, and a take-profit beside; pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from strandloom.kinds.order import Leg, OrderIntent
from strandloom.kinds.plan import Side
from strandloom.teams.trader.order import Order
from strandloom.teams.trader.saying import cloid_of
from strandloom.teams.trader.trade import Trade

STOP_SLIPPAGE: Final = Decimal("0.1")  # a triggered stop is a market order; this bounds its price
GUARDS: Final[tuple[Leg, ...]] = ("stop", "take_profit")
Trusted = Callable[[Order], bool]


def stands(order: Order) -> bool:
    """At the venue, or on its way there."""
    return order.stands


def missing(trade: Trade, at: datetime, trusted: Trusted = stands) -> Iterator[OrderIntent]:
    """The orders that the position needs and does not have; each replaces those that became too small.

    An order that the venue refused is not tried again for the same quantity.
    """
    if trade.held <= 0:
        return
    for leg, level in (("stop", trade.stop), ("take_profit", trade.take_profit)):
        known = [order for order in trade.orders if order.leg == leg]
        if level is None or _covers(known, trade.held, trusted) or _was_refused(known, trade.held):
            continue
        yield _guard(trade, leg, level, known, at)  # type: ignore[arg-type]


def is_guarded(trade: Trade, trusted: Trusted = stands) -> bool:
    """Does one stop cover the whole position?"""
    return _covers([order for order in trade.orders if order.leg == "stop"], trade.held, trusted)


def _covers(known: Sequence[Order], held: Decimal, trusted: Trusted) -> bool:
    return any(order.left >= held for order in known if order.stands and trusted(order))


def _was_refused(known: Sequence[Order], held: Decimal) -> bool:
    return any(order.state == "rejected" and order.quantity == held for order in known)


def _guard(trade: Trade, leg: Leg, level: Decimal, known: Sequence[Order], at: datetime) -> OrderIntent:
    side: Side = "sell" if trade.buys else "buy"
    beyond = 1 - STOP_SLIPPAGE if side == "sell" else 1 + STOP_SLIPPAGE
    part = len(known)
    return OrderIntent(
        decision=trade.decision,
        trade=trade.decision,
        plan=trade.plan,
        leg=leg,
        part=part,
        cloid=cloid_of(trade.decision, leg, part),
        venue=trade.venue,
        symbol=trade.symbol,
        side=side,
        quantity=trade.held,
        price=level * beyond if leg == "stop" else level,
        trigger=level if leg == "stop" else None,
        time_in_force="gtc",
        reduce_only=True,
        expires_at=at,  # of no meaning: what guards is sent however late
        style="taker" if leg == "stop" else "maker",
        because=f"the {leg.replace('_', '-')} of the position",
        exploration=trade.exploration,
        replaces=tuple(order.cloid for order in known if order.stands),
    )
