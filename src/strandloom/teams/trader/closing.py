"""The one closing path: every order that ends a position is made here, reduce-only and bounded."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from strandloom.kinds.decision import Decision
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderIntent
from strandloom.kinds.plan import Side
from strandloom.teams.trader.saying import cloid_of
from strandloom.teams.trader.trade import Trade
from strandloom.venues.port import Position

FURTHEST = Decimal("0.05")  # how far from the mark a closing order may trade
PATIENCE = timedelta(minutes=5)


def of_trade(trade: Trade, mark: Decimal, why: str, at: datetime) -> OrderIntent | None:
    """Close what a trade of ours still holds; None while a closing order is on its way."""
    closings = [order for order in trade.orders if order.leg == "close"]
    if trade.held <= 0 or any(order.stands for order in closings):
        return None
    part = sum(order.decision == trade.decision for order in closings)
    side: Side = "sell" if trade.buys else "buy"
    return OrderIntent(
        decision=trade.decision,
        trade=trade.decision,
        plan=trade.plan,
        leg="close",
        part=part,
        cloid=cloid_of(trade.decision, "close", part),
        venue=trade.venue,
        symbol=trade.symbol,
        side=side,
        quantity=trade.held,
        price=worst_price(mark, side),
        time_in_force="ioc",
        reduce_only=True,
        expires_at=at + PATIENCE,
        style="taker",
        because=why,
        arrival=mark,
        exploration=trade.exploration,
    )


def of_decision(
    name: UUID,
    body: Decision,
    trade: Trade | None,
    instrument: Instrument | None,
    venue: str,
    mid: Decimal | None,
) -> OrderIntent:
    """Close as the Decision Maker decided, on the trade of its plan where there is one."""
    return OrderIntent(
        decision=name,
        trade=trade.decision if trade else name,
        plan=body.plan,
        leg="close",
        cloid=cloid_of(name, "close"),
        venue=body.venue or (trade.venue if trade else venue),
        symbol=body.symbol,
        side=body.side,
        quantity=closable(
            body.quantity, trade.held if trade else body.quantity, body.worst_price, instrument
        ),
        price=body.worst_price,
        time_in_force="ioc",
        reduce_only=True,
        expires_at=body.expires_at,
        style="taker",
        because=body.reason,
        arrival=mid,
        exploration=body.exploration,
    )


def of_position(name: UUID, position: Position, venue: str, why: str, at: datetime) -> OrderIntent:
    """Close what the venue holds and no trade of ours explains."""
    side: Side = "sell" if position.quantity > 0 else "buy"
    return OrderIntent(
        decision=name,
        leg="close",
        cloid=cloid_of(name, "close", f"{venue}:{position.symbol}"),
        venue=venue,
        symbol=position.symbol,
        side=side,
        quantity=abs(position.quantity),
        price=worst_price(position.mark, side),
        time_in_force="ioc",
        reduce_only=True,
        expires_at=at + PATIENCE,
        style="taker",
        because=why,
        arrival=position.mark,
    )


def closable(wanted: Decimal, held: Decimal, price: Decimal, instrument: Instrument | None) -> Decimal:
    """What may be asked for: a part too small for the venue, or leaving too little, becomes the whole."""
    if wanted >= held or instrument is None:
        return held if held > 0 else wanted
    smallest = instrument.smallest_usd
    too_small = wanted * price < smallest or (held - wanted) * price < smallest
    return held if too_small else wanted


def worst_price(mark: Decimal, side: Side) -> Decimal:
    """The bound of a closing order: far enough to trade, near enough not to be robbed."""
    return mark * (1 - FURTHEST) if side == "sell" else mark * (1 + FURTHEST)
