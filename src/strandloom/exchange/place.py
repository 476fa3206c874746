"""Placing one order: every check that needs the state, then crossing, resting or refusing."""

from strandloom.exchange import caps, words
from strandloom.exchange.account import Account, Stake
from strandloom.exchange.asset import MICRO
from strandloom.exchange.draft import Draft
from strandloom.exchange.ladder import Ladder
from strandloom.exchange.life import end, reject, rest
from strandloom.exchange.margin import beyond_tier, rest_ok
from strandloom.exchange.market import Market
from strandloom.exchange.match import affords, carry_out, walk
from strandloom.exchange.order import Order, OrderStatus
from strandloom.exchange.reduce import fit, make_way, room
from strandloom.exchange.replies import Failed, Filled, Resting, Status
from strandloom.exchange.state import State

_MARKET_ORDERS = ((25, 15_000_000), (20, 5_000_000), (10, 2_000_000))  # by maximum leverage, in dollars
_STEP_USD = 5_000_000 * MICRO  # each five million dollars traded allow one more open order


def born(state: State, user: str, drafted: Draft) -> Order:
    """The order, with the next oid; nobody knows of it yet."""
    ask = drafted.ask
    state.last_oid += 1
    order = Order(
        state.last_oid,
        user,
        ask.asset,
        ask.is_buy,
        drafted.px,
        drafted.sz,
        ask.tif,
        ask.reduce_only,
        ask.cloid,
        state.now,
    )
    trigger = ask.trigger
    if trigger is not None:
        order.trigger_px = drafted.trigger_px
        order.is_market = trigger.is_market
        order.tpsl = trigger.tpsl
    return order


def refuse(state: State, account: Account, order: Order, status: OrderStatus, text: str) -> Failed:
    """Remember the order as rejected and say why."""
    reject(state, account, order, status)
    return Failed(f"{text} asset={order.asset}")


def house_refusal(state: State, account: Account, order: Order) -> tuple[OrderStatus, str] | None:
    """Halts, a cloid in use and too many orders, the same for limits and triggers."""
    if state.halted:
        return "rejected", words.HALTED
    cloid = order.cloid
    if cloid is not None:
        known = account.by_cloid.get(cloid)
        if known is not None and known.oid in account.live:
            return "rejected", words.CLOID_TAKEN
    count = len(account.live)
    if count >= state.rules.max_open_orders:
        allowed = min(5_000, state.rules.max_open_orders + account.volume // _STEP_USD)
        if count >= allowed or order.reduce_only or order.trigger_px:
            return "tooManyOpenOrdersRejected", words.TOO_MANY
    return None


def limit(state: State, account: Account, market: Market, order: Order) -> Status:
    """A limit order that a user sends."""
    no = house_refusal(state, account, order)
    if no is not None:
        return refuse(state, account, order, *no)
    stake = account.stakes.get(order.asset) or state.stake(account, order.asset)
    no = size_refusal(state, stake, order) or price_refusal(state, market, stake, order)
    if no is not None:
        return refuse(state, account, order, *no)
    if market.stale:
        market.refresh()
    best = market.best_ask() if order.is_buy else market.best_bid()
    if best and (order.px >= best if order.is_buy else order.px <= best):
        return cross(state, account, stake, market, order, market.asks if order.is_buy else market.bids)
    return stand(state, account, stake, market, order)


def size_refusal(state: State, stake: Stake, order: Order) -> tuple[OrderStatus, str] | None:
    """Reduce-only shrinks to what there is to reduce; small orders may only close a position whole."""
    if order.reduce_only:
        left = -stake.szi if order.is_buy else stake.szi
        if left <= 0:
            return "reduceOnlyRejected", words.INCREASES
        if order.left > left:
            order.left = left
    small = order.px * order.left < state.rules.min_order_usd
    if small and order.left != room(stake, order.is_buy):
        return "minTradeNtlRejected", words.MIN_VALUE
    return None


def price_refusal(state: State, market: Market, stake: Stake, order: Order) -> tuple[OrderStatus, str] | None:
    """Oracle band, margin tier, caps and the size of market orders."""
    px, oracle, buys = order.px, market.oracle or market.mark, order.is_buy
    if oracle:
        band = oracle * state.rules.oracle_pct // 100
        if px > oracle + band if buys else px < oracle - band:
            return "oracleRejected", words.ORACLE
    signed = order.left if buys else -order.left
    if beyond_tier(stake, market, signed):
        return "perpMaxPositionRejected", words.BEYOND_TIER
    if market.interest_cap is not None or market.growth_cap is not None:
        capped = caps.refusal(market, stake, signed, px, state.now)
        if capped is not None:
            return capped
    ntl = order.left * px
    if ntl > 500_000 * MICRO and not order.reduce_only and ntl > market_limit(market, order):
        return "rejected", words.TOO_LARGE
    return None


def market_limit(market: Market, order: Order) -> int:
    """The largest order value of an asset: market orders by its leverage, limit orders ten times that."""
    leverage = market.asset.max_leverage
    dollars = next((most for least, most in _MARKET_ORDERS if leverage >= least), 500_000)
    resting = order.tif in ("Gtc", "Alo") and not order.is_market
    return dollars * MICRO * (10 if resting else 1)


def stand(state: State, account: Account, stake: Stake, market: Market, order: Order) -> Status:
    """Nothing to cross with: rest, or end for orders that may not."""
    if order.tif == "Ioc":
        return refuse(state, account, order, "iocCancelRejected", words.NO_MATCH)
    if order.tif == "FrontendMarket" or order.is_market:
        return refuse(state, account, order, "marketOrderNoLiquidityRejected", words.NO_LIQUIDITY)
    if order.reduce_only:
        make_way(state, account, stake, order.left)
    elif not rest_ok(account, stake, state.markets, order.left if order.is_buy else -order.left, order.px):
        return refuse(state, account, order, "perpMarginRejected", words.MARGIN)
    account.enter(order)
    rest(state, account, stake, market, order)
    return Resting(order.oid, order.cloid)


def cross(
    state: State,
    account: Account,
    stake: Stake,
    market: Market,
    order: Order,
    ladder: Ladder,
    in_book: bool = True,
    ambiguous: bool = False,
) -> Status:
    """Take what the book offers up to the limit; what is left rests (Gtc) or ends."""
    if order.tif == "Alo":
        bid, ask = market.asset.px_text(market.best_bid()), market.asset.px_text(market.best_ask())
        text = words.WOULD_MATCH.format(bid=bid, ask=ask)
        return refuse(state, account, order, "badAloPxRejected", text)
    rests = order.tif == "Gtc" and not order.is_market
    last: OrderStatus = "filled"
    user = account.user if in_book else None
    searching = True
    while searching and order.left:
        found = walk(market, ladder, user, order.is_buy, order.px, order.left)
        if not found.takes and not found.own:
            break
        if not market.mark and found.takes:
            market.mark = market.oracle = found.takes[0].px  # the first trade of a market without data
        if not affords(state, account, stake, order, found, rests):
            if order.ntl == 0:
                return refuse(state, account, order, "perpMarginRejected", words.MARGIN)
            rests, last = False, "marginCanceled"
            break
        if order.ntl == 0 and order.oid not in account.by_oid:
            account.enter(order)
        searching = not carry_out(state, account, stake, market, ladder, order, found, None, ambiguous)
    return _after(state, account, stake, market, order, rests, last)


def _after(
    state: State,
    account: Account,
    stake: Stake,
    market: Market,
    order: Order,
    rests: bool,
    last: OrderStatus,
) -> Status:
    """The end of a crossing order."""
    if order.left and rests:
        if order.oid not in account.by_oid:
            return stand(state, account, stake, market, order)
        rest(state, account, stake, market, order)
        fit(state, account, stake)
        return Resting(order.oid, order.cloid)
    if order.ntl == 0:
        return stand(state, account, stake, market, order)
    end(state, account, order, last)
    if stake.reducing or stake.triggers:
        fit(state, account, stake)
    return Filled(order.oid, order.cloid, order.asset, order.filled, order.ntl)
