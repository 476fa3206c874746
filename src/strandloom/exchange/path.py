"""One account walks one path over the prices that a bar traded.

Open first, then the extreme against its position (flat: the extreme that reaches its oldest entry), then the
other extreme, then the close.  docs/exchange.md tells the rules in words.
"""

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.commands import PathBar
from strandloom.exchange.lane import MINUTE_MS, Lane
from strandloom.exchange.liquidate import crossing_px, liquidate
from strandloom.exchange.margin import is_below
from strandloom.exchange.market import Market
from strandloom.exchange.order import Order
from strandloom.exchange.resting import fill, is_exit, swept
from strandloom.exchange.state import State
from strandloom.exchange.trigger import fire

_PHASES_MS = (0, 20_000, 40_000, MINUTE_MS - 1)  # when the four points of the path are said to be
Place = tuple[Market, Lane, Stake]


def walk(state: State, account: Account, at: int, began: int, places: list[Place]) -> None:
    """The four points of the path, all assets of the account abreast."""
    routes = [(market, lane, stake, points(lane.bar, stake)) for market, lane, stake in places]
    for market, lane, _ in places:
        stand_at(market, lane, lane.bar.open)
    for phase in range(4):
        state.now = max(began, at + _PHASES_MS[phase])
        for market, lane, stake, route in routes:
            if phase == 0:
                jump(state, account, market, lane, stake)
            elif route[phase] != lane.price:
                travel(state, account, market, lane, stake, route[phase])


def points(bar: PathBar, stake: Stake) -> tuple[int, int, int, int]:
    """The worse extreme first: against the position, or into the oldest entry."""
    low_first = stake.szi > 0
    if stake.szi == 0:
        oids = (*stake.orders, *stake.triggers)
        if oids:
            oldest = min(oids)
            order = stake.orders.get(oldest) or stake.triggers[oldest]
            low_first = order.fires_below if order.is_trigger else order.is_buy
    if low_first:
        return bar.open, bar.low, bar.high, bar.close
    return bar.open, bar.high, bar.low, bar.close


def jump(state: State, account: Account, market: Market, lane: Lane, stake: Stake) -> None:
    """From the last close to the open nothing was traded: what lies between is decided at the open."""
    lane.leg, lane.end = 0, lane.bar.open
    if _exposed(lane, stake) and is_below(account, stake, state):
        liquidate(state, account, stake)
    done: set[int] = set()
    while (order := _next(lane, stake, done)) is not None:
        done.add(order.oid)
        _decide(state, account, market, lane, stake, order)


def travel(state: State, account: Account, market: Market, lane: Lane, stake: Stake, end: int) -> None:
    """Move to `end` through every price between, meeting orders and the liquidation price on the way."""
    lane.leg, lane.end = -1 if end < lane.price else 1, end
    done: set[int] = set()
    while True:
        order = _next(lane, stake, done)
        target = end if order is None else _met_at(lane, order)
        if _sinks(state, account, market, lane, stake, target):
            continue
        stand_at(market, lane, target)
        if order is None:
            return
        done.add(order.oid)
        _decide(state, account, market, lane, stake, order)


def stand_at(market: Market, lane: Lane, px: int) -> None:
    """The path is here now."""
    lane.price = px
    if lane.by_path:
        market.mark = max(1, px + lane.basis)


def _next(lane: Lane, stake: Stake, done: set[int]) -> Order | None:
    """The first order that this leg meets; at the jump, the one that was passed first."""
    found: Order | None = None
    best = -1
    end, leg, at = lane.end, lane.leg, lane.at
    for order in stake.orders.values():
        below = order.is_buy
        if leg and below != (leg < 0):
            continue
        away = order.px - end if below else end - order.px
        due = away > best and order.live_from <= at and order.oid not in done
        if due and not _too_early(stake, lane, order):
            found, best = order, away
    if not lane.by_path:
        return found
    end += lane.basis
    for order in stake.triggers.values():
        below = order.fires_below
        if leg and below != (leg < 0):
            continue
        away = order.trigger_px - end if below else end - order.trigger_px
        due = away > best and order.live_from <= at and order.oid not in done
        if due and not _too_early(stake, lane, order):
            found, best = order, away
    return found


def _too_early(stake: Stake, lane: Lane, order: Order) -> bool:
    """A position entered in this bar takes no profit in it."""
    return stake.entered_bar == lane.at and order.tpsl != "sl" and is_exit(stake, order)


def _met_at(lane: Lane, order: Order) -> int:
    """The path's price when it meets the order: never behind where it stands already."""
    px = order.trigger_px - lane.basis if order.is_trigger else order.px
    return max(lane.end, min(px, lane.price)) if lane.leg < 0 else min(lane.end, max(px, lane.price))


def _decide(state: State, account: Account, market: Market, lane: Lane, stake: Stake, order: Order) -> None:
    """Fill a resting order, fire a trigger."""
    doubtful = lane.leg != 0 and is_exit(stake, order) and swept(lane, stake, order)
    if order.is_trigger:
        fire(state, account, stake, market, order, doubtful)
    else:
        fill(state, account, stake, market, lane, order, doubtful)


def _exposed(lane: Lane, stake: Stake) -> bool:
    """Only a position that was held when the bar opened, or came from its path, suffers its prices."""
    return stake.szi != 0 and lane.by_path and stake.held_since <= lane.at


def _sinks(state: State, account: Account, market: Market, lane: Lane, stake: Stake, target: int) -> bool:
    """If the way to `target` passes the liquidation price: stand there, liquidate, and say so."""
    if not _exposed(lane, stake):
        return False
    here = lane.price
    stand_at(market, lane, target)
    if not is_below(account, stake, state):
        return False
    stand_at(market, lane, crossing_px(state, account, market, lane, stake, here, target))
    return liquidate(state, account, stake)
