"""Nothing is entered while the market moves many times more than it did over the day."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    known = market.sd_bps is not None and market.sd_norm_bps is not None and market.sd_norm_bps > 0
    times = market.sd_bps / market.sd_norm_bps if known else None  # type: ignore[operator]
    return at_most("volatility_halt", times, limits.market.volatility_times, "times the day's norm")
