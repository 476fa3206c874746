"""What should be at the venue and is not, or the other way round; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from strandloom.kinds.attention import Reason
from strandloom.kinds.fill import OpenOrder
from strandloom.teams.trader import protection
from strandloom.teams.trader.order import ZERO, Order
from strandloom.teams.trader.stops import waits
from strandloom.teams.trader.trade import Trade
from strandloom.venues.port import Position

OVERRUN = timedelta(seconds=10)  # the mark may be beyond a stop so long before the position is closed


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to be looked after; the same need twice in a row is not a matter of timing any more."""

    reason: Reason
    symbol: str
    what: str
    trade: UUID | None = None


def repairs(
    trades: Iterable[Trade],
    orders: Iterable[Order],
    positions: Sequence[Position],
    resting: Sequence[OpenOrder],
) -> Iterator[Need]:
    """Positions without their stop, closings that did not close, and orders that are in one place only."""
    held = {position.symbol: position.quantity for position in positions}
    for trade in trades:
        there = held.get(trade.symbol, ZERO)
        if trade.held <= 0:
            continue
        if there * trade.quantity <= 0:
            yield Need("repair", trade.symbol, "the venue does not hold what we hold")
        elif any(order.leg == "close" and order.is_over for order in trade.orders):
            yield Need("repair", trade.symbol, "a closing order did not close the position", trade.decision)
        elif not _is_guarded(trade, abs(there), resting):
            yield Need("repair", trade.symbol, "no stop for the whole position", trade.decision)
        elif protection.surplus(trade)[1]:
            yield Need("repair", trade.symbol, "more than one stop", trade.decision)
    known = {order.cloid for order in resting}
    for order in orders:
        if order.rests and order.cloid not in known:
            yield Need("repair", order.symbol, f"order {order.cloid} does not rest any more")


def _is_guarded(trade: Trade, there: Decimal, resting: Iterable[OpenOrder]) -> bool:
    """Does a reduce-only stop of ours wait there, at its level and for all of it?"""
    if trade.stop is None:
        return True
    stops = (order for order in trade.orders if order.leg == "stop")
    ours = {order.cloid for order in stops if not waits(order, trade.orders)}
    return any(
        order.cloid in ours and order.trigger is not None and order.reduce_only and order.quantity >= there
        for order in resting
    )


def shown(order: Order, account: str) -> OpenOrder:
    """An order that the venue says is there, as our books have it."""
    return OpenOrder(
        venue=account,
        symbol=order.symbol,
        oid=order.oid or 0,
        cloid=order.cloid,
        side=order.side,
        price=order.price,
        quantity=order.left,
        trigger=order.trigger,
        reduce_only=order.reduce_only,
        at=order.at,
    )


class Overruns:
    """Since when the mark has been beyond the stop of a position that is still there."""

    def __init__(self) -> None:
        self._since: dict[UUID, datetime] = {}

    def due(
        self,
        trades: Iterable[Trade],
        positions: Sequence[Position],
        marks: Mapping[str, Decimal],
        wall: datetime,
    ) -> list[Need]:
        """The positions whose stop should have ended them long enough ago."""
        held = {position.symbol for position in positions if position.quantity}
        beyond = {t.decision: t for t in trades if t.symbol in held and _is_beyond(t, marks.get(t.symbol))}
        self._since = {name: self._since.get(name, wall) for name in beyond}
        return [
            Need("overrun", trade.symbol, _overrun(trade, marks[trade.symbol]), name)
            for name, trade in beyond.items()
            if wall - self._since[name] >= OVERRUN
        ]


def _is_beyond(trade: Trade, mark: Decimal | None) -> bool:
    if trade.stop is None or mark is None or trade.held <= 0:
        return False
    return mark < trade.stop if trade.buys else mark > trade.stop


def _overrun(trade: Trade, mark: Decimal) -> str:
    return f"the mark {mark} has been beyond the stop {trade.stop} for {OVERRUN.seconds} s"


class Doubts:
    """When an order whose fate is unknown is asked for again: after 1, 2, 4 … at most 60 seconds."""

    def __init__(self) -> None:
        self._asked: dict[str, tuple[datetime, int]] = {}

    def due(self, orders: Iterable[Order], wall: datetime) -> list[Need]:
        """The orders in doubt that are to be asked for now."""
        unknown = {order.cloid: order for order in orders if order.state == "unknown"}
        self._asked = {cloid: self._asked.get(cloid, (wall, 0)) for cloid in unknown}
        found = []
        for cloid, (since, times) in self._asked.items():
            if wall - since >= timedelta(seconds=min(2**times, 60)):
                self._asked[cloid] = (wall, times + 1)
                found.append(Need("doubt", unknown[cloid].symbol, f"the fate of order {cloid} is unknown"))
        return found


def overdue(orders: Iterable[Order], now: datetime) -> list[Need]:
    """Entries that have rested for as long as they may."""
    return [
        Need("patience", order.symbol, f"order {order.cloid} has rested long enough")
        for order in orders
        if order.leg == "entry" and order.rests and _ends(order) <= now
    ]


def _ends(order: Order) -> datetime:
    return min(order.expires_at, order.patient_until) if order.patient_until else order.expires_at
