"""One idea is live once; a newer plan must say that it replaces the older one."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, says


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    holder = account.ideas.get(ask.idea)
    free = holder is None or holder == ask.replaces
    return says(
        rule="duplicate_plan",
        approved=free,
        limit="one",
        value=holder or "none",
        unit="live plan of this idea",
        why="" if free else "the idea is live already",
    )
