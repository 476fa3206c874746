"""Crossing orders walk the book: the market's levels and the users' orders, best price first."""

from typing import NamedTuple

from strandloom.exchange import caps
from strandloom.exchange.account import Account, Stake
from strandloom.exchange.events import Liquidation
from strandloom.exchange.ladder import Ladder
from strandloom.exchange.life import cancel, end, say, withdraw
from strandloom.exchange.margin import take_ok
from strandloom.exchange.market import Market
from strandloom.exchange.order import Order
from strandloom.exchange.reduce import fit
from strandloom.exchange.settle import fee_of, trade_between, trade_with_market
from strandloom.exchange.state import State


class Take(NamedTuple):
    """So many lots at a price, from a user's order or (None) from the market's level."""

    px: int
    sz: int
    maker: Order | None
    level: int
    used: int


class Walk(NamedTuple):
    """What a crossing order would get, nothing changed yet."""

    takes: list[Take]
    lots: int
    ntl: int
    own: list[Order]  # orders of the same user in the way


def walk(market: Market, ladder: Ladder, user: str | None, is_buy: bool, limit: int, want: int) -> Walk:
    """Best price first, the market's lots before users' at the same price, users' by time."""
    takes: list[Take] = []
    own: list[Order] = []
    lots = ntl = 0
    if user is None:
        prices: list[int] = []
        levels: dict[int, dict[int, Order]] = {}
    else:
        side = market.ask_users if is_buy else market.bid_users
        beyond = (market.bids if is_buy else market.asks).front()
        prices = list(side.prices(beyond)) if side.keys else []
        levels = side.levels
    sign = 1 if is_buy else -1
    at, level, used = 0, ladder.level, ladder.used
    while want > 0:
        px = ladder.price(level) if level < ladder.levels else 0
        user_px = prices[at] if at < len(prices) else 0
        from_market = px > 0 and (user_px == 0 or sign * px <= sign * user_px)
        if not from_market:
            px = user_px
        if px <= 0 or sign * px > sign * limit:
            break
        if from_market:
            here = ladder.size(level) - used
            sz = min(here, want)
            level, used = (level + 1, 0) if sz == here else (level, used + sz)
            if sz > 0:
                takes.append(Take(px, sz, None, level, used))
                lots += sz
                ntl += sz * px
                want -= sz
            continue
        at += 1
        for maker in levels[px].values():
            if maker.user == user:
                own.append(maker)
                continue
            sz = min(maker.left, want)
            takes.append(Take(px, sz, maker, level, used))
            lots += sz
            ntl += sz * px
            want -= sz
            if want == 0:
                break
    return Walk(takes, lots, ntl, own)


def affords(state: State, account: Account, stake: Stake, order: Order, found: Walk, rests: bool) -> bool:
    """Margin for what would be taken, and for what would rest of it."""
    sign = 1 if order.is_buy else -1
    rest = sign * (order.left - found.lots) if rests else 0
    fee = fee_of(found.ntl, state.rules.taker_fee)
    return take_ok(account, stake, state.markets, sign * found.lots, sign * found.ntl, fee, rest, order.px)


def carry_out(
    state: State,
    account: Account,
    stake: Stake,
    market: Market,
    ladder: Ladder,
    order: Order,
    found: Walk,
    why: Liquidation | None = None,
    ambiguous: bool = False,
) -> bool:
    """Trade what was found.  False when a maker fell away, so that there may be more to find."""
    for mine in found.own:
        if mine.oid in account.live:
            cancel(state, account, mine, "selfTradeCanceled")
    whole = True
    for px, sz, maker, level, used in found.takes:
        if maker is None:
            ladder.use(level, used)
            trade_with_market(state, account, stake, market, order, px, sz, True, why, ambiguous)
        else:
            whole = _take_from(state, account, stake, market, order, maker, px, sz, why) and whole
    return whole


def _take_from(
    state: State,
    account: Account,
    stake: Stake,
    market: Market,
    order: Order,
    maker: Order,
    px: int,
    sz: int,
    why: Liquidation | None,
) -> bool:
    """Trade with one user's order, if that user still can."""
    other = state.accounts[maker.user]
    theirs = other.stakes[maker.asset]
    if maker.oid not in other.live:
        return False
    sz_now = min(sz, maker.left)
    if not maker_ok(state, other, theirs, market, maker, px, sz_now):
        return False
    trade_between(state, market, (account, stake, order), (other, theirs, maker), px, sz_now, why)
    if maker.left == 0:
        withdraw(theirs, market, maker)
        end(state, other, maker, "filled")
    else:
        say(state, maker, "open")
    if theirs.reducing or theirs.triggers:
        fit(state, other, theirs)
    return sz_now == sz


def maker_ok(
    state: State, account: Account, stake: Stake, market: Market, order: Order, px: int, sz: int
) -> bool:
    """Margin and caps are looked at again when a resting order would fill; failing them ends it."""
    signed = sz if order.is_buy else -sz
    if market.interest_cap is not None and caps.at_cap(market, stake, signed):
        cancel(state, account, order, "openInterestCapCanceled")
        return False
    fee = fee_of(px * sz, state.rules.maker_fee)
    if not take_ok(account, stake, state.markets, signed, signed * px, fee, 0, 0):
        cancel(state, account, order, "marginCanceled")
        return False
    return True
