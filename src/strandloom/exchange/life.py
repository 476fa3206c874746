"""The life of an order after its birth: resting, filling, ending; and what its end means for its family."""

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.events import OrderChanged
from strandloom.exchange.market import Market
from strandloom.exchange.order import Order, OrderStatus
from strandloom.exchange.state import State


def say(state: State, order: Order, status: OrderStatus) -> None:
    """The order takes on a status, and everyone may know."""
    order.status = status
    order.status_at = state.now
    state.events.append(OrderChanged(state.now, order.user, order, status, order.left))


def reject(state: State, account: Account, order: Order, status: OrderStatus) -> None:
    """It was never alive, but it is remembered."""
    account.enter(order)
    end(state, account, order, status)


def rest(state: State, account: Account, stake: Stake, market: Market, order: Order) -> None:
    """Into the book, behind what is shown at its price."""
    if order.is_buy:
        market.bid_users.add(order)
        order.queue = market.bids.ahead(order.px)
    else:
        market.ask_users.add(order)
        order.queue = market.asks.ahead(order.px)
    stake.orders[order.oid] = order
    stake.version += 1
    if order.reduce_only:
        stake.reducing += 1
    account.live[order.oid] = order
    market.stakes[account.user] = stake
    say(state, order, "open")


def arm(state: State, account: Account, stake: Stake, market: Market, order: Order) -> None:
    """A trigger order begins to watch the mark."""
    order.waits = False
    order.live_from = state.now
    lane = market.lane
    if lane is not None:
        order.live_from = lane.at
    stake.triggers[order.oid] = order
    stake.version += 1
    account.live[order.oid] = order
    market.stakes[account.user] = stake


def withdraw(stake: Stake, market: Market, order: Order) -> None:
    """Out of the book or off the watch; its status is the caller's business."""
    oid = order.oid
    if oid in stake.orders:
        del stake.orders[oid]
        (market.bid_users if order.is_buy else market.ask_users).remove(order)
        if order.reduce_only:
            stake.reducing -= 1
    elif oid in stake.triggers:
        del stake.triggers[oid]
    stake.version += 1


def end(state: State, account: Account, order: Order, status: OrderStatus) -> None:
    """An order that is in no book any more is over."""
    say(state, order, status)
    account.retire(order)
    if order.children or order.siblings:
        _family(state, account, order, status)


def cancel(state: State, account: Account, order: Order, status: OrderStatus) -> None:
    """Take a live order out and end it."""
    market = state.markets[order.asset]
    withdraw(account.stakes[order.asset], market, order)
    end(state, account, order, status)


def _family(state: State, account: Account, order: Order, status: OrderStatus) -> None:
    """Children live only by a parent that filled whole; a filled sibling ends the others."""
    if status == "filled" and order.left == 0:
        market, stake = state.markets[order.asset], account.stakes[order.asset]
        for child in _live(account, order.children):
            if child.waits:
                arm(state, account, stake, market, child)
    elif order.children:
        for child in _live(account, order.children):
            if child.waits:
                cancel(state, account, child, "canceled")
    if status == "filled":
        for sibling in _live(account, order.siblings):
            cancel(state, account, sibling, "siblingFilledCanceled")


def _live(account: Account, oids: tuple[int, ...]) -> list[Order]:
    return [account.live[oid] for oid in oids if oid in account.live]
