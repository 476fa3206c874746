"""A symbol has one position at a time, so that no stop of one trade touches another's."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, says


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    holders = [e.plan for e in account.exposures if e.symbol == ask.symbol]
    other = next((plan for plan in holders if plan != ask.replaces), None)
    return says(
        rule="one_position",
        approved=other is None,
        limit="one",
        value=other or "none",
        unit="open or approved position on the symbol",
        why="" if other is None else "the symbol has a position, or a plan that may become one",
    )
