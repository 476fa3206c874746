"""So many plans may pass in an hour, and no more."""

from datetime import timedelta

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most

HOUR = timedelta(hours=1)


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    since = market.now - HOUR
    recent = [at for at in account.approved_at if at > since]
    return at_most("plans_per_hour", len(recent) + 1, limits.pace.plans_per_hour, "plans")
