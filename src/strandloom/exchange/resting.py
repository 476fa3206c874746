"""Resting orders meet the market's path: at their limit, after their queue, within the volume allowed."""

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.lane import Lane
from strandloom.exchange.life import end, say, withdraw
from strandloom.exchange.market import Market
from strandloom.exchange.match import maker_ok
from strandloom.exchange.order import Order
from strandloom.exchange.reduce import fit
from strandloom.exchange.settle import trade_with_market
from strandloom.exchange.state import State


def fill(
    state: State,
    account: Account,
    stake: Stake,
    market: Market,
    lane: Lane,
    order: Order,
    ambiguous: bool,
) -> None:
    """The path stands at the order's price or beyond.  Only a path that goes through skips the queue."""
    beyond = order.px - market.asset.step(order.px) * (1 if order.is_buy else -1)
    if not _passes(order, lane.end, beyond):
        if _passes(order, lane.bar.low if order.is_buy else lane.bar.high, beyond):
            return  # the path comes back and goes through
        ahead = min(order.queue, lane.left)
        order.queue -= ahead
        lane.left -= ahead
    sz = min(order.left, lane.left)
    if sz > 0:
        lane.left -= meet(state, account, stake, market, order, sz, ambiguous)


def _passes(order: Order, px: int, beyond: int) -> bool:
    """Whether a price lies at least one tick beyond the order's."""
    return px <= beyond if order.is_buy else px >= beyond


def meet(
    state: State,
    account: Account,
    stake: Stake,
    market: Market,
    order: Order,
    sz: int,
    ambiguous: bool = False,
) -> int:
    """Fill so many lots at exactly the limit; returns how many really."""
    if not maker_ok(state, account, stake, market, order, order.px, sz):
        return 0
    order.queue = 0
    trade_with_market(state, account, stake, market, order, order.px, sz, False, None, ambiguous)
    if order.left == 0:
        withdraw(stake, market, order)
        end(state, account, order, "filled")
    else:
        say(state, order, "open")
    if stake.reducing or stake.triggers:
        fit(state, account, stake)
    return sz


def is_exit(stake: Stake, order: Order) -> bool:
    """Whether the order would reduce the position."""
    return stake.szi < 0 if order.is_buy else stake.szi > 0


def swept(lane: Lane, stake: Stake, order: Order) -> bool:
    """Whether the bar reached both a loss-taking and a profit-taking exit of this position."""
    is_stop = order.is_trigger and order.tpsl == "sl"
    for other in (*stake.orders.values(), *stake.triggers.values()):
        if other is order or other.live_from > lane.at or not is_exit(stake, other):
            continue
        other_is_stop = other.is_trigger and other.tpsl == "sl"
        if other_is_stop != is_stop and _in_range(lane, other):
            return True
    return False


def _in_range(lane: Lane, order: Order) -> bool:
    px = order.trigger_px - lane.basis if order.is_trigger else order.px
    return lane.bar.low <= px <= lane.bar.high
