"""Trigger orders: accepted asleep, fired by the mark, then ordinary orders under the same oid."""

from strandloom.exchange import words
from strandloom.exchange.account import Account, Stake
from strandloom.exchange.ladder import Ladder
from strandloom.exchange.lane import MINUTE_MS
from strandloom.exchange.life import arm, end, say, withdraw
from strandloom.exchange.market import Market
from strandloom.exchange.order import Order
from strandloom.exchange.place import cross, house_refusal, price_refusal, refuse, stand
from strandloom.exchange.reduce import fit, room
from strandloom.exchange.replies import Resting, Status, Waiting
from strandloom.exchange.state import State


def place(state: State, account: Account, market: Market, order: Order) -> Status:
    """A trigger order on its own: it must not fire at once."""
    no = house_refusal(state, account, order)
    if no is not None:
        return refuse(state, account, order, *no)
    stake = state.stake(account, order.asset)
    if not is_sane(order, market.mark):
        return refuse(state, account, order, "badTriggerPxRejected", words.BAD_TRIGGER)
    if too_small(state, stake, order):
        return refuse(state, account, order, "minTradeNtlRejected", words.MIN_VALUE)
    account.enter(order)
    arm(state, account, stake, market, order)
    say(state, order, "open")
    if order.is_position_tpsl:
        return Waiting("waitingForTrigger", order.oid)
    return Resting(order.oid, order.cloid)


def is_sane(order: Order, reference: int) -> bool:
    """The trigger lies on the far side of the reference price; without a reference anything goes."""
    if not reference:
        return True
    return order.trigger_px < reference if order.fires_below else order.trigger_px > reference


def too_small(state: State, stake: Stake, order: Order) -> bool:
    """The minimum value holds for triggers too, unless they close the position whole."""
    if order.is_position_tpsl or order.px * order.left >= state.rules.min_order_usd:
        return False
    return order.left != room(stake, order.is_buy)


def fire(state: State, account: Account, stake: Stake, market: Market, order: Order, ambiguous: bool) -> None:
    """The mark has reached it: act as the order it stands for, where the market is now."""
    withdraw(stake, market, order)
    order.fired = True
    say(state, order, "triggered")
    if order.reduce_only and not _shrink(stake, order):
        end(state, account, order, "reduceOnlyCanceled")
        return
    no = price_refusal(state, market, stake, order)
    if no is not None:
        refuse(state, account, order, *no)
        return
    ladder, in_book = where(state, market, order.is_buy)
    top = ladder.top()
    if in_book:
        top = market.best_ask() if order.is_buy else market.best_bid()
    if top and (order.px >= top if order.is_buy else order.px <= top):
        cross(state, account, stake, market, order, ladder, in_book, ambiguous)
    else:
        stand(state, account, stake, market, order)
    if market.lane is not None and order.oid in stake.orders:
        order.live_from = market.lane.at + MINUTE_MS  # how the bar went on from here is not known
    if stake.reducing or stake.triggers:
        fit(state, account, stake)


def _shrink(stake: Stake, order: Order) -> bool:
    """Take the size of what there is to reduce; False when there is nothing."""
    left = room(stake, order.is_buy)
    if left <= 0:
        return False
    if order.is_position_tpsl and order.left == 0:
        order.sz = order.left = left
    order.left = min(order.left, left)
    return True


def where(state: State, market: Market, is_buy: bool) -> tuple[Ladder, bool]:
    """The book that a market order meets now, and whether users' orders stand in it.

    Within a bar it begins at the path's price: that price was traded.  Between bars it is the shown book.
    """
    if market.stale:
        market.refresh()
    lane = market.lane
    if lane is None:
        return (market.asks if is_buy else market.bids), True
    ladder = lane.asks if is_buy else lane.bids
    if ladder is None or ladder.best != lane.price:
        ladder, touch = Ladder(1 if is_buy else -1), market.touch_lots()
        ladder.draw(lane.price, market.ladder_step(lane.price), touch, touch, market.depth)
        if is_buy:
            lane.asks = ladder
        else:
            lane.bids = ladder
    return ladder, False


def fire_by_mark(state: State, market: Market, account: Account, stake: Stake) -> None:
    """Fire what the present mark has reached, the oldest first."""
    mark = market.mark
    for order in list(stake.triggers.values()):
        if order.oid in stake.triggers and reached(order, mark):
            fire(state, account, stake, market, order, False)


def reached(order: Order, mark: int) -> bool:
    """Whether a mark lies at the trigger or beyond."""
    return mark <= order.trigger_px if order.fires_below else mark >= order.trigger_px
