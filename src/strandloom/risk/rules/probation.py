"""A symbol that keeps losing trades smaller, and then not at all."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, says


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    level = account.probation.get(ask.symbol, 0)
    return says(
        rule="probation",
        approved=level < 3,
        limit=2,
        value=level,
        unit="level (1 half size, 2 a quarter, 3 no entries)",
    )
