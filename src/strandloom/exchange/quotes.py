"""Quotes: finer data than bars.  They move book and mark at once, and fill what they run through."""

from strandloom.exchange.commands import MarketQuote
from strandloom.exchange.liquidate import liquidate
from strandloom.exchange.margin import is_below
from strandloom.exchange.market import Market
from strandloom.exchange.order import Order
from strandloom.exchange.resting import meet
from strandloom.exchange.state import State
from strandloom.exchange.trigger import fire_by_mark


def run(state: State, command: MarketQuote) -> None:
    """Prices first, then resting orders, then triggers, then margins."""
    market = state.markets[command.asset]
    if market.delisted or not 0 < command.bid < command.ask:
        return
    take_in(state, market, command)
    if not market.stakes:
        return
    _fill_swept(state, market, command)
    for stake in list(market.stakes.values()):
        if stake.triggers:
            fire_by_mark(state, market, state.accounts[stake.user], stake)
    for stake in list(market.stakes.values()):
        account = state.accounts[stake.user]
        if stake.szi and is_below(account, stake, state):
            liquidate(state, account, stake)


def take_in(state: State, market: Market, quote: MarketQuote) -> None:
    """The mark is the feed's, else the median of bid, ask and last trade."""
    market.quote = (quote.bid, quote.bid_sz, quote.ask, quote.ask_sz)
    market.quoted_at = state.now
    market.price = (quote.bid + quote.ask) // 2
    market.mark = quote.mark or sorted((quote.bid, quote.ask, market.last or market.price))[1]
    market.oracle = quote.oracle or market.mark
    market.stale = True


def _fill_swept(state: State, market: Market, quote: MarketQuote) -> None:
    """Orders that a quote has passed by a tick fill at their limit, best price and oldest first.

    The running minute's volume is not known, so the last bar's stands in for it.
    """
    minute = state.now // 60_000
    if minute != market.quote_minute:
        market.quote_minute, market.quote_filled = minute, 0
    swept = _swept(market, quote)
    for is_buy, shown in ((True, quote.ask_sz), (False, quote.bid_sz)):
        for order in swept[is_buy]:
            allowed = market.last_volume * state.rules.volume_share_pct // 100 - market.quote_filled
            sz = min(order.left, shown, allowed)
            account = state.accounts[order.user]
            if sz <= 0 or order.oid not in account.live:
                continue
            done = meet(state, account, account.stakes[order.asset], market, order, sz)
            market.quote_filled += done
            shown -= done


def _swept(market: Market, quote: MarketQuote) -> dict[bool, list[Order]]:
    """Resting orders that the quote has gone through, in price-time order."""
    step = market.asset.step
    buys = [o for o in _resting(market) if o.is_buy and quote.ask <= o.px - step(o.px)]
    sells = [o for o in _resting(market) if not o.is_buy and quote.bid >= o.px + step(o.px)]
    return {
        True: sorted(buys, key=lambda o: (-o.px, o.oid)),
        False: sorted(sells, key=lambda o: (o.px, o.oid)),
    }


def _resting(market: Market) -> list[Order]:
    return [order for stake in market.stakes.values() for order in stake.orders.values()]
