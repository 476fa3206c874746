"""Below maintenance margin: first to the book, far below to the insurance account at the bankruptcy price."""

from typing import Literal

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.events import Liquidated, Liquidation, Moved
from strandloom.exchange.lane import Lane
from strandloom.exchange.life import cancel, end
from strandloom.exchange.margin import (
    cross_maintenance,
    cross_value,
    is_below,
    stake_maintenance,
    stake_value,
)
from strandloom.exchange.market import Market
from strandloom.exchange.match import carry_out, walk
from strandloom.exchange.order import Order
from strandloom.exchange.settle import forced, move
from strandloom.exchange.state import State
from strandloom.exchange.trigger import where


def liquidate(state: State, account: Account, stake: Stake, force: bool = False) -> bool:
    """Close what the margin cannot carry.  True when a position changed."""
    stakes = _together(state, account, stake)
    value, need = _health(state, account, stake)
    far_below = 3 * value < 2 * need
    before = [one.szi for one in stakes]
    _cancel_orders(state, account, stakes)
    if force or not far_below:
        _say(state, account, stake, value, need, "market")
        _to_the_book(state, account, stake, stakes, force)
        value, need = _health(state, account, stake)
        far_below = 3 * value < 2 * need
    if any(one.szi for one in stakes) and (far_below or force):
        _say(state, account, stake, value, need, "backstop")
        _to_insurance(state, account, stake, stakes, value)
    _cover(state, account)
    return before != [one.szi for one in stakes]


def crossing_px(
    state: State, account: Account, market: Market, lane: Lane, stake: Stake, here: int, there: int
) -> int:
    """The first price from `here` to `there` at which the margin is below maintenance; it is at `there`."""
    kept = market.mark
    while abs(there - here) > 1:
        middle = (here + there) // 2
        market.mark = max(1, middle + lane.basis)
        if is_below(account, stake, state):
            there = middle
        else:
            here = middle
    market.mark = max(1, here + lane.basis)
    below_here = is_below(account, stake, state)
    market.mark = kept
    return here if below_here else there


def _together(state: State, account: Account, stake: Stake) -> list[Stake]:
    """The positions that share the margin, the largest first."""
    if not stake.is_cross:
        return [stake]
    marks = [market.mark for market in state.markets]
    return sorted(account.cross.values(), key=lambda one: (-abs(one.szi) * marks[one.asset], one.asset))


def _health(state: State, account: Account, stake: Stake) -> tuple[int, int]:
    if stake.is_cross:
        return cross_value(account, state.markets), cross_maintenance(account, state.markets)
    market = state.markets[stake.asset]
    return stake_value(stake, market), stake_maintenance(stake, market)


def _say(
    state: State,
    account: Account,
    stake: Stake,
    value: int,
    need: int,
    method: Literal["market", "backstop"],
) -> None:
    asset = None if stake.is_cross else stake.asset
    state.events.append(Liquidated(state.now, account.user, asset, value, need, method))


def _cancel_orders(state: State, account: Account, stakes: list[Stake]) -> None:
    """Everything open where the margin failed."""
    assets = {stake.asset for stake in stakes}
    for order in list(account.live.values()):
        if order.asset in assets and order.oid in account.live:
            cancel(state, account, order, "liquidatedCanceled")


def _to_the_book(state: State, account: Account, carrier: Stake, stakes: list[Stake], force: bool) -> None:
    """Market orders, large positions in a fifth first and then whole, never beyond the bankruptcy price."""
    cooling = state.now < account.cool_until
    for stake in stakes:
        market = state.markets[stake.asset]
        lots = abs(stake.szi)
        partial = lots * market.mark > state.rules.partial_liquidation_usd and not cooling and not force
        if partial:
            lots = -(-lots // 5)
            account.cool_until = state.now + state.rules.cool_down_ms
        value, _ = _health(state, account, carrier)
        _sell(state, account, stake, market, lots, value)
        if not force and _sound(state, account, carrier):
            return


def _sound(state: State, account: Account, carrier: Stake) -> bool:
    value, need = _health(state, account, carrier)
    return value >= need


def _sell(state: State, account: Account, stake: Stake, market: Market, lots: int, value: int) -> None:
    """One forced market order."""
    is_buy = stake.szi < 0
    away = value // abs(stake.szi)
    limit = market.mark + away if is_buy else max(1, market.mark - away)
    state.last_oid += 1
    user, now = account.user, state.now
    order = Order(state.last_oid, user, stake.asset, is_buy, limit, lots, "FrontendMarket", True, None, now)
    account.enter(order)
    why = Liquidation(account.user, market.mark, "market")
    ladder, in_book = where(state, market, is_buy)
    searching = True
    while searching and order.left:
        found = walk(market, ladder, user if in_book else None, is_buy, limit, order.left)
        if not found.takes:
            break
        searching = not carry_out(state, account, stake, market, ladder, order, found, why)
    end(state, account, order, "filled" if order.ntl else "marketOrderNoLiquidityRejected")


def _to_insurance(state: State, account: Account, carrier: Stake, stakes: list[Stake], value: int) -> None:
    """The insurance account takes position and margin, at prices that leave nothing behind."""
    markets = state.markets
    total = sum(abs(stake.szi) * markets[stake.asset].mark for stake in stakes) or 1
    for stake in stakes:
        lots = abs(stake.szi)
        if lots == 0:
            continue
        market = markets[stake.asset]
        share = value * (lots * market.mark) // total
        px = market.mark + share // lots if stake.szi < 0 else market.mark - -(-share // lots)
        _hand_over(state, account, stake, market, max(1, px))


def _hand_over(state: State, account: Account, stake: Stake, market: Market, px: int) -> None:
    """One position changes hands without a fee."""
    held = stake.szi
    why = Liquidation(account.user, market.mark, "backstop")
    order = forced(state, account, stake, market, px, why)
    theirs = state.stake(state.insurance, stake.asset)
    theirs.is_cross = True
    move(state, state.insurance, theirs, market, held, px, 0)
    end(state, account, order, "filled")


def _cover(state: State, account: Account) -> None:
    """An account without cross positions owes nothing: the insurance account pays its debt."""
    if account.cash >= 0 or account.cross:
        return
    moved = Moved(state.now, account.user, "liquidation", -account.cash)
    state.insurance.cash += account.cash
    account.cash = 0
    account.moves.append(moved)
    state.events.append(moved)
