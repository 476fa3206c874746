"""All open and claimed risk together stays within the budget."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most, share


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    after = account.risk_usd + ask.risk_usd
    return at_most(
        "risk_budget", share(after, account.equity_usd), limits.account.risk_budget_percent, "% of equity"
    )
