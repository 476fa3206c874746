"""Longs less shorts stay below a set share of equity, unless the ask brings them nearer to zero."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most, says, share


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    before, after = abs(account.net_usd), abs(account.net_usd + ask.signed_usd)
    limit = limits.account.net_percent
    if after < before:
        return says(
            rule="net_exposure",
            approved=account.equity_usd > 0,
            limit=limit,
            value=after,
            unit="USD",
            why="brings net exposure nearer to zero",
        )
    return at_most("net_exposure", share(after, account.equity_usd), limit, "% of equity")
