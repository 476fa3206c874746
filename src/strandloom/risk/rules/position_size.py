"""No position may grow past a set share of equity."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most, share


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    held = account.by_symbol.get(ask.symbol, ask.signed_usd * 0)
    after = abs(held + ask.signed_usd)
    return at_most(
        "position_size", share(after, account.equity_usd), limits.trade.position_percent, "% of equity"
    )
