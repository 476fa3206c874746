"""All positions together, long and short added, stay below a set share of equity."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most, share


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    after = account.gross_usd + ask.notional_usd
    return at_most(
        "gross_exposure", share(after, account.equity_usd), limits.account.gross_percent, "% of equity"
    )
