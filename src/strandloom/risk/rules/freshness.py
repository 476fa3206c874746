"""Nothing is entered on old bars, old quotes, or a symbol with a hole in its data."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most, says


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    if market.gap:
        return says(
            rule="freshness",
            approved=False,
            limit=0,
            value=1,
            unit="gaps",
            why="a minute is missing and not healed",
        )
    bars = at_most("freshness", market.bar_age_s, limits.market.bar_age_s, "s since the newest bar")
    if not bars.approved:
        return bars
    return at_most("freshness", market.quote_age_s, limits.market.quote_age_s, "s since the newest quote")
