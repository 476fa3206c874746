"""What guards a position: one reduce-only stop for the whole of it, and a take-profit beside; pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from strandloom.kinds.order import Leg, OrderIntent
from strandloom.kinds.plan import Side
from strandloom.teams.trader.order import Order
from strandloom.teams.trader.saying import cloid_of
from strandloom.teams.trader.stops import waits, works, worst_price
from strandloom.teams.trader.trade import Trade

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
        if level is None or _covers(trade, known, trusted) or _was_refused(known, trade.held):
            continue
        yield _guard(trade, leg, level, known, at)  # type: ignore[arg-type]


def surplus(trade: Trade) -> tuple[Order | None, tuple[Order, ...]]:
    """Where one stop at the venue covers the whole position: that one, and those beside it, which may go.

    A stop whose entry is still to be filled is none of them.
    """
    stops = [order for order in trade.orders if order.leg == "stop" and order.rests]
    whole = [order for order in stops if order.left >= trade.held and works(order, trade.orders)]
    if trade.held <= 0 or not whole:
        return None, ()
    best = max(whole, key=lambda order: (order.left, order.at, order.cloid))
    return best, tuple(o for o in stops if o is not best and not waits(o, trade.orders))


def _covers(trade: Trade, known: Sequence[Order], trusted: Trusted) -> bool:
    whole = (order for order in known if order.left >= trade.held)
    return any(works(order, trade.orders) and trusted(order) for order in whole)


def _was_refused(known: Sequence[Order], held: Decimal) -> bool:
    """One that went along does not count: on its own it may be taken."""
    alone = (order for order in known if order.goes_with is None)
    return any(order.state == "rejected" and order.quantity == held for order in alone)


def _guard(trade: Trade, leg: Leg, level: Decimal, known: Sequence[Order], at: datetime) -> OrderIntent:
    side: Side = "sell" if trade.buys else "buy"
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
        price=worst_price(level, side) if leg == "stop" else level,
        trigger=level if leg == "stop" else None,
        time_in_force="gtc",
        reduce_only=True,
        expires_at=at,  # of no meaning: what guards is sent however late
        style="taker" if leg == "stop" else "maker",
        because=f"the {leg.replace('_', '-')} of the position",
        exploration=trade.exploration,
        replaces=tuple(o.cloid for o in known if o.stands and not waits(o, trade.orders)),
    )
