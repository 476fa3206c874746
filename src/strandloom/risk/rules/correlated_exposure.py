"""Positions that move together count together: exposure weighted by correlation."""

from decimal import Decimal

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most, share


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    together = ask.signed_usd
    for symbol, signed in account.by_symbol.items():
        rho = 1.0 if symbol == ask.symbol else market.correlation.get(symbol, 1.0)  # unknown counts in full
        together += Decimal(str(rho)) * signed
    return at_most(
        "correlated_exposure",
        share(abs(together), account.equity_usd),
        limits.account.correlated_percent,
        "% of equity",
    )
