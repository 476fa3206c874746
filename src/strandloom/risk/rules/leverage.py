"""Gross exposure over equity stays below our limit, and below the venue's for the symbol."""

from decimal import Decimal

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    limit = min(limits.account.leverage, Decimal(market.leverage_limit))
    after = account.gross_usd + ask.notional_usd
    value = after / account.equity_usd if account.equity_usd > 0 else None
    return at_most("leverage", value, limit, "times equity")
