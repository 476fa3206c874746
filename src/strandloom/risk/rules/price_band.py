"""No order, not even one that closes, is priced far from the market."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most, unknown


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    limit = limits.trade.price_band_percent
    if market.mid is None or market.mid <= 0:
        return unknown("price_band", limit, "% from the mid price")
    return at_most("price_band", abs(ask.price / market.mid - 1) * 100, limit, "% from the mid price")
