"""How long the tracker may let heartbeats pass in a replay: until anything could be new, or is told again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from strandloom.basics.ids import unix_ms
from strandloom.blackboard.desk import Ahead
from strandloom.indicators.frame import is_nothing
from strandloom.kinds.position import PositionTracking
from strandloom.teams.trader import order as orders
from strandloom.teams.trader.life import AT_THE_VENUE, OVER
from strandloom.teams.trader.news import AGAIN_FLAT_MINUTES, AGAIN_HELD_MINUTES, MINUTE_MS, MOVED
from strandloom.teams.trader.order import Order, Row
from strandloom.venues.port import Foreseeing

HOUR_MINUTES, DAY_MINUTES = 60, 1_440
CAREFUL = 0.99  # a little sooner than equity has moved far enough


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of the account last, and when."""

    body: PositionTracking
    at: datetime


def busy_until(venue: Foreseeing | None, ahead: Ahead, told: Told | None, order_rows: Iterable[Row]) -> int:
    """The next minute to look at while something is held or rests."""
    if venue is None or told is None:
        return ahead.first
    known = [orders.from_row(row) for row in order_rows]
    resting = [order for order in known if order.state in AT_THE_VENUE]
    if told.body.unexplained or told.body.open_orders != len(resting):
        return ahead.first  # which will be told
    if len(resting) + sum([order.state in OVER for order in known]) < len(known):
        return ahead.first  # something about an order has to be found out
    first, again = ahead.first, closing_at(told.at) + AGAIN_HELD_MINUTES
    stop = min(ahead.stop, again, _day_begins(first), _funding(first), *_ends(resting))
    return _moves(told.body, ahead, venue.calm_until(ahead, max(stop, first)))


def idle_until(ahead: Ahead, told: Told | None, unexplained: Collection[str]) -> int:
    """The next minute to look at while nothing is open: hours at which something is told, or asked for."""
    looks_from = ahead.first
    if told is not None and {*told.body.unexplained} == unexplained:
        looks_from = max(ahead.first, closing_at(told.at) + AGAIN_FLAT_MINUTES)
    return min(ahead.stop, next_slot(looks_from, HOUR_MINUTES), _day_begins(ahead.first))


def next_slot(first: int, minutes: int) -> int:
    """The first minute from `first` on that closes at a multiple of so many minutes."""
    return first + (-(first + 1)) % minutes


def closing_at(at: datetime) -> int:
    """The minute that closes then, or the one before it."""
    return unix_ms(at) // MINUTE_MS - 1


def _day_begins(first: int) -> int:
    return next_slot(first, DAY_MINUTES)


def _funding(first: int) -> int:
    """The first minute of an hour: funding is paid as it opens."""
    return next_slot(first - 1, HOUR_MINUTES) + 1


def _ends(resting: Iterable[Order]) -> list[int]:
    """When entries that rest are over, or patient for long enough."""
    entries = [order for order in resting if order.leg == "entry"]
    times = [at for order in entries for at in (order.expires_at, order.patient_until) if at is not None]
    return [closing_at(at) for at in times]


def _moves(told: PositionTracking, ahead: Ahead, stop: int) -> int:
    """The first minute before `stop` in which equity is another than was told."""
    minutes = stop - ahead.first
    if minutes <= 0 or not told.held:
        return stop
    moved_usd = [0.0] * minutes
    for held in told.held:
        if held.symbol not in ahead.symbols:
            return ahead.first
        quantity, before = float(held.quantity), float(held.mark)
        marks = _marks(ahead, ahead.symbols.index(held.symbol), minutes)
        moved_usd = [usd + quantity * (mark - before) for usd, mark in zip(moved_usd, marks, strict=True)]
    far = CAREFUL * float(MOVED * abs(told.equity_usd))
    return next((ahead.first + at for at, usd in enumerate(moved_usd) if not abs(usd) < far), stop)


def _marks(ahead: Ahead, row: int, minutes: int) -> list[float]:
    """Closes where the feed tells no mark: not a number alone differs from itself."""
    close, mark = ahead.column("close"), ahead.column("mark")
    closes: list[float] = close[row, :minutes].tolist()
    if is_nothing(mark):
        return closes
    return [m if m == m else c for m, c in zip(mark[row, :minutes].tolist(), closes, strict=True)]
