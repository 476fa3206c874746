"""The observers together must be sure enough that the edge is above zero."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_least, says


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    limit = limits.trade.confidence
    if ask.by_person:
        return says(
            rule="confidence", approved=True, limit=limit, value="a person's", unit="pooled probability"
        )
    answer = at_least("confidence", ask.confidence, limit, "pooled probability")
    return answer if ask.confidence != limit else at_least("confidence", None, limit, "pooled probability")
