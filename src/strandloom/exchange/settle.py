"""What a trade does to the two who made it: position, cost, cash and fee, to the micro-dollar."""

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.events import Fill, Liquidation, Moved, Trade
from strandloom.exchange.market import Market
from strandloom.exchange.order import Order
from strandloom.exchange.state import State

_MIX = 0x9E3779B97F4A7C15
_TID = (1 << 50) - 1


def tid_of(seq: int) -> int:
    """Fifty well-mixed bits, as the venue's trade ids are."""
    return (seq * _MIX >> 7) & _TID


def fee_of(ntl: int, rate: int) -> int:
    """A rate in millionths of the notional, rounded up: in the exchange's favour."""
    return -(-ntl * rate // 1_000_000)


def trade_with_market(
    state: State,
    account: Account,
    stake: Stake,
    market: Market,
    order: Order,
    px: int,
    sz: int,
    crossed: bool,
    why: Liquidation | None = None,
    ambiguous: bool = False,
) -> None:
    """The market itself is the other side."""
    signed = sz if order.is_buy else -sz
    market.szi -= signed
    state.market_usd += signed * px
    state.last_seq += 1
    book(state, account, stake, market, order, px, sz, crossed, why, ambiguous)
    user, buys = account.user, order.is_buy
    names = (user, "") if buys else ("", user)
    seq = state.last_seq
    trade = Trade(state.now, market.asset.index, buys == crossed, px, sz, tid_of(seq), seq, *names)
    _print(state, market, trade)


def trade_between(
    state: State,
    market: Market,
    taker: tuple[Account, Stake, Order],
    maker: tuple[Account, Stake, Order],
    px: int,
    sz: int,
    why: Liquidation | None = None,
) -> None:
    """Two users trade."""
    state.last_seq += 1
    book(state, *taker[:2], market, taker[2], px, sz, True, why, False)
    book(state, *maker[:2], market, maker[2], px, sz, False, None, False)
    buys = taker[2].is_buy
    names = (taker[0].user, maker[0].user) if buys else (maker[0].user, taker[0].user)
    seq = state.last_seq
    trade = Trade(state.now, market.asset.index, buys, px, sz, tid_of(seq), seq, *names)
    _print(state, market, trade)


def _print(state: State, market: Market, trade: Trade) -> None:
    """Tell everyone; without market data the users' trades are the market."""
    market.trades.append(trade)
    market.last = trade.px
    if not market.price:
        market.mark = market.oracle = trade.px
    state.events.append(trade)


def book(
    state: State,
    account: Account,
    stake: Stake,
    market: Market,
    order: Order,
    px: int,
    sz: int,
    crossed: bool,
    why: Liquidation | None,
    ambiguous: bool,
) -> None:
    """One side of a trade, its fill recorded."""
    ntl = px * sz
    rate = state.rules.taker_fee if crossed else state.rules.maker_fee
    fee = -(-ntl * rate // 1_000_000)
    state.fees_usd += fee
    start = stake.szi
    pnl = move(state, account, stake, market, sz if order.is_buy else -sz, px, fee)
    order.left -= sz
    order.filled += sz
    order.ntl += ntl
    account.volume += ntl
    seq = state.last_seq
    fill = Fill(
        state.now,
        account.user,
        stake.asset,
        order.oid,
        order.cloid,
        order.is_buy,
        px,
        sz,
        start,
        pnl,
        fee,
        crossed,
        (seq * _MIX >> 7) & _TID,
        seq,
        why,
        ambiguous,
    )
    account.fills.append(fill)
    state.events.append(fill)


def move(state: State, account: Account, stake: Stake, market: Market, signed: int, px: int, fee: int) -> int:
    """Change position, cost and cash by a trade of `signed` lots; returns the profit it closed."""
    held = stake.szi
    after = held + signed
    ntl = signed * px
    pnl = 0
    grows = held == 0 or (held > 0) == (signed > 0)
    if grows:
        stake.cost += ntl
    elif (after > 0) == (held > 0) and after:
        closed = stake.cost * -signed // held
        pnl = -ntl - closed
        stake.cost -= closed
    else:
        pnl = held * px - stake.cost
        stake.cost = after * px
    stake.szi = after
    market.users_interest += abs(after) - abs(held)
    lane = market.lane
    if held == 0 or (after and (after > 0) != (held > 0)):
        stake.held_since = state.now if lane is None else lane.at
        stake.funding_open = 0
    stake.funding_change = 0
    if lane is not None and abs(after) > abs(held):
        stake.entered_bar = lane.at
    if account.number >= 0:  # the insurance account holds, but does not trade
        market.stakes[account.user] = stake
    if stake.is_cross:
        account.cash -= ntl + fee
        if after:
            account.cross[stake.asset] = stake
        else:
            account.cross.pop(stake.asset, None)
    else:
        stake.cash -= ntl + fee
        _rebalance(state, account, stake, held, signed, px)
    return pnl


def _rebalance(state: State, account: Account, stake: Stake, held: int, signed: int, px: int) -> None:
    """An isolated position draws its margin when it grows and gives it back in proportion when it shrinks."""
    after = stake.szi
    if after == 0:
        give_back(state, account, stake)
        return
    if held == 0 or (held > 0) == (signed > 0):
        draw = -(-abs(signed) * px // stake.leverage)
    else:
        value = stake.cash + after * px
        if (after > 0) == (held > 0):
            keep = value * abs(after) // abs(held) if value > 0 else value
        else:
            keep = -(-abs(after) * px // stake.leverage)
        draw = keep - value
    stake.cash += draw
    account.cash -= draw


def give_back(state: State, account: Account, stake: Stake) -> None:
    """The money of a closed isolated position goes home; a debt stays with the insurance account."""
    if stake.cash >= 0:
        account.cash += stake.cash
    else:
        state.insurance.cash += stake.cash
        moved = Moved(state.now, account.user, "liquidation", -stake.cash)
        account.moves.append(moved)
        state.events.append(moved)
    stake.cash = 0


def forced(
    state: State, account: Account, stake: Stake, market: Market, px: int, why: Liquidation | None
) -> Order:
    """The whole position goes at a price that the venue sets, without a fee; returns the order it made."""
    start = stake.szi
    sz, is_buy = abs(start), start < 0
    state.last_oid += 1
    state.last_seq += 1
    user, now, seq = account.user, state.now, state.last_seq
    order = Order(state.last_oid, user, stake.asset, is_buy, px, sz, "FrontendMarket", True, None, now)
    account.enter(order)
    order.left, order.filled, order.ntl = 0, sz, sz * px
    pnl = move(state, account, stake, market, -start, px, 0)
    fill = Fill(
        now, user, stake.asset, order.oid, None, is_buy, px, sz, start, pnl, 0, True, tid_of(seq), seq, why
    )
    account.fills.append(fill)
    state.events.append(fill)
    return order
