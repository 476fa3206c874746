"""The guards that are sent with their entry, and whether such a stop works already; pure.

A stop goes along in the entry's request.  At the venue it is the entry's child: it waits until the entry is
filled whole, then works, whatever becomes of us; where the entry ends before that, the venue cancels it.
What guards an entry that crosses and is not in its request follows it, once it is filled whole.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from strandloom.basics.quick import changed
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import Leg, OrderIntent
from strandloom.kinds.plan import Side
from strandloom.teams.trader.order import Order
from strandloom.teams.trader.saying import cloid_of

SLIPPAGE: Final = Decimal("0.1")  # a triggered stop is a market order; this bounds its price


def worst_price(level: Decimal, side: Side) -> Decimal:
    """The bound of a stop at that level."""
    return level * (1 - SLIPPAGE) if side == "sell" else level * (1 + SLIPPAGE)


def with_stop(entry: OrderIntent, instrument: Instrument | None) -> tuple[OrderIntent, ...]:
    """An entry and the stop that goes along; alone where it has no level, or its stop would be too small."""
    stop = stop_of(entry)
    if stop is None or (instrument is not None and stop.quantity * stop.price < instrument.smallest_usd):
        return (entry,)
    return changed(entry, goes_with=stop.cloid), stop


def with_guards(entry: OrderIntent, instrument: Instrument | None) -> tuple[OrderIntent, ...]:
    """An entry that crosses and all that guards it: what does not go along follows a whole fill."""
    first, *along = with_stop(changed(entry, followed=True), instrument)
    return (first, *along, *followers(first))


def along(entry: OrderIntent) -> OrderIntent | None:
    """The stop that goes along with an entry, the same for ever."""
    return stop_of(entry) if entry.goes_with is not None else None


def followers(entry: OrderIntent) -> tuple[OrderIntent, ...]:
    """The guards that follow an entry, in the order in which they are sent, the same for ever."""
    if not entry.followed:
        return ()
    guards = (None if entry.goes_with is not None else stop_of(entry), target_of(entry))
    return tuple([guard for guard in guards if guard is not None])


def stop_of(entry: OrderIntent) -> OrderIntent | None:
    """The stop that is sent with an entry."""
    if entry.stop is None or entry.reduce_only:
        return None
    price = worst_price(entry.stop, "sell" if entry.side == "buy" else "buy")
    return _guard(entry, "stop", price, entry.stop, "taker")


def target_of(entry: OrderIntent) -> OrderIntent | None:
    """The target that is sent with an entry."""
    if entry.take_profit is None or entry.reduce_only:
        return None
    return _guard(entry, "take_profit", entry.take_profit, None, "maker")


def _guard(entry: OrderIntent, leg: Leg, price: Decimal, trigger: Decimal | None, style: str) -> OrderIntent:
    return OrderIntent(
        decision=entry.decision,
        trade=entry.trade or entry.decision,
        plan=entry.plan,
        leg=leg,
        part=entry.part,
        cloid=cloid_of(entry.decision, leg, f"with {entry.part}"),
        venue=entry.venue,
        symbol=entry.symbol,
        side="sell" if entry.side == "buy" else "buy",
        quantity=entry.quantity,
        price=price,
        trigger=trigger,
        time_in_force="gtc",
        reduce_only=True,
        expires_at=entry.expires_at,
        style=style,
        because=f"the {leg.replace('_', '-')} of the position, sent with its entry",
        exploration=entry.exploration,
        goes_with=entry.cloid,
    )


def waits(stop: Order, orders: Iterable[Order]) -> bool:
    """Is its entry still to be filled?  Then it guards nothing yet, and must stay."""
    entry = _entry(stop, orders)
    return entry is not None and entry.stands


def works(stop: Order, orders: Iterable[Order]) -> bool:
    """Will it act at its level?  One sent with its entry: if that was filled whole and it is there."""
    if stop.goes_with is None:
        return stop.stands
    entry = _entry(stop, orders)
    return stop.rests and entry is not None and entry.left <= 0


def _entry(stop: Order, orders: Iterable[Order]) -> Order | None:
    return next((order for order in orders if stop.goes_with == order.cloid), None)
