"""How long the tracker may let heartbeats pass in a replay: until anything could be new, or is told again."""

from collections.abc import Collection, Iterable
from datetime import datetime

import numpy as np

from strandloom.basics.ids import unix_ms
from strandloom.blackboard.desk import Ahead, Desk
from strandloom.kinds.position import PositionTracking
from strandloom.teams.trader import order as orders
from strandloom.teams.trader.news import AGAIN_FLAT, AGAIN_HELD, MOVED
from strandloom.teams.trader.order import Order, Row
from strandloom.venues.port import Foreseeing

MINUTE_MS = 60_000
HOUR_MINUTES, DAY_MINUTES = 60, 1_440
CAREFUL = 0.99  # a little sooner than equity has moved far enough


async def busy_until(venue: Foreseeing | None, ahead: Ahead, desk: Desk, order_rows: Iterable[Row]) -> int:
    """The next minute to look at while something is held or rests."""
    if venue is None:
        return ahead.first
    latest = await desk.board.latest("position_tracking")
    told = latest[0].body if latest else None
    known = [orders.from_row(row) for row in order_rows]
    if not isinstance(told, PositionTracking) or told.unexplained or not all(map(_is_clear, known)):
        return ahead.first
    if told.open_orders != sum(order.rests for order in known):
        return ahead.first  # which will be told
    first, again = ahead.first, closing_at(latest[0].at + AGAIN_HELD)
    stop = min(ahead.stop, again, _day_begins(first), _funding(first), *_ends(known))
    return _moves(told, ahead, venue.calm_until(ahead, max(stop, first)))


async def idle_until(ahead: Ahead, desk: Desk, unexplained: Collection[str]) -> int:
    """The next minute to look at while nothing is open: hours at which something is told, or asked for."""
    latest = await desk.board.latest("position_tracking")
    told = latest[0].body if latest else None
    looks_from = ahead.first
    if isinstance(told, PositionTracking) and {*told.unexplained} == unexplained:
        looks_from = max(ahead.first, closing_at(latest[0].at + AGAIN_FLAT))
    return min(ahead.stop, next_slot(looks_from, HOUR_MINUTES), _day_begins(ahead.first))


def next_slot(first: int, minutes: int) -> int:
    """The first minute from `first` on that closes at a multiple of so many minutes."""
    return first + (-(first + 1)) % minutes


def closing_at(at: datetime) -> int:
    """The minute that closes then, or the one before it."""
    return unix_ms(at) // MINUTE_MS - 1


def _is_clear(order: Order) -> bool:
    """It rests or it is over: nothing about it has to be found out."""
    return order.is_over or order.rests


def _day_begins(first: int) -> int:
    return next_slot(first, DAY_MINUTES)


def _funding(first: int) -> int:
    """The first minute of an hour: funding is paid as it opens."""
    return next_slot(first - 1, HOUR_MINUTES) + 1


def _ends(known: Iterable[Order]) -> list[int]:
    """When resting entries are over, or patient for long enough."""
    entries = [order for order in known if order.leg == "entry" and order.rests]
    times = [at for order in entries for at in (order.expires_at, order.patient_until) if at is not None]
    return [closing_at(at) for at in times]


def _moves(told: PositionTracking, ahead: Ahead, stop: int) -> int:
    """The first minute before `stop` in which equity is another than was told."""
    minutes = stop - ahead.first
    if minutes <= 0 or not told.held:
        return stop
    moved = np.zeros(minutes)
    for held in told.held:
        if held.symbol not in ahead.symbols:
            return ahead.first
        row = ahead.symbols.index(held.symbol)
        close, mark = (ahead.column(name)[row, :minutes] for name in ("close", "mark"))
        now = np.where(np.isfinite(mark), mark, close)
        moved += float(held.quantity) * (now - float(held.mark))
    far = ~(np.abs(moved) < CAREFUL * float(MOVED) * float(abs(told.equity_usd)))
    found = int(far.argmax())
    return ahead.first + found if far[found] else stop
