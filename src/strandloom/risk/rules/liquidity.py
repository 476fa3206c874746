"""No order is a large part of what trades in a minute."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    volume = market.minute_volume_usd
    value = float(ask.notional_usd) / volume * 100 if volume is not None and volume > 0 else None
    limit = float(limits.market.volume_share_percent)
    return at_most("liquidity", value, limit, "% of a mean minute's volume")
