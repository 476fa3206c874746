"""No symbol may be more than a set share of the whole book, once the book is worth measuring."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most, says, share


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    limit = limits.account.concentration_percent
    gross = account.gross_usd + ask.notional_usd
    worth = share(gross, account.equity_usd)
    if worth is not None and worth < limits.account.concentration_from_percent:
        return says(
            rule="concentration",
            approved=True,
            limit=limits.account.concentration_from_percent,
            value=worth,
            unit="% of equity",
            why="the book is too small to be concentrated",
        )
    held = account.by_symbol.get(ask.symbol, ask.signed_usd * 0)
    return at_most("concentration", share(abs(held + ask.signed_usd), gross), limit, "% of gross exposure")
