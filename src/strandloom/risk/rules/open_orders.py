"""So many orders may rest at once, and no more."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    return at_most("open_orders", account.resting_orders + 1, limits.account.open_orders, "orders")
