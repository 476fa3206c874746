"""Nothing is entered across a wide spread."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    return at_most("spread", market.spread_bps, limits.market.spread_bps, "bps")
