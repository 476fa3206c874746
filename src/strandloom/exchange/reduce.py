"""Reduce-only orders follow their position: they shrink with it, and end with it."""

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.life import cancel, say
from strandloom.exchange.order import Order
from strandloom.exchange.state import State


def room(stake: Stake, is_buy: bool) -> int:
    """How many lots an order of this side could reduce; not positive: none."""
    return -stake.szi if is_buy else stake.szi


def fit(state: State, account: Account, stake: Stake) -> None:
    """After a position changed: shrink, and cancel what can reduce nothing any more."""
    if stake.reducing:
        for order in [o for o in stake.orders.values() if o.reduce_only]:
            left = room(stake, order.is_buy)
            if left <= 0:
                cancel(state, account, order, "reduceOnlyCanceled")
            elif order.left > left:
                order.left = left
                say(state, order, "open")
        if stake.reducing > 1:
            make_way(state, account, stake, 0)
    if stake.szi == 0 and stake.triggers:
        for order in [o for o in stake.triggers.values() if o.reduce_only]:
            if order.oid in stake.triggers:
                cancel(state, account, order, "reduceOnlyCanceled")


def make_way(state: State, account: Account, stake: Stake, newcomer: int) -> None:
    """Together reduce-only orders never exceed the position: the oldest go first."""
    resting: list[Order] = [o for o in stake.orders.values() if o.reduce_only]
    total = newcomer + sum(order.left for order in resting)
    for order in resting:
        if total <= abs(stake.szi):
            break
        total -= order.left
        cancel(state, account, order, "reduceOnlyCanceled")
