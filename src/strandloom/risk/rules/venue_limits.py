"""The venue takes whole lots only, and nothing smaller than its minimum."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_least, says


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    odd = ask.quantity % market.lot
    if ask.quantity <= 0 or odd:
        return says(
            rule="venue_limits",
            approved=False,
            limit=market.lot,
            value=ask.quantity,
            unit="lots, a positive number",
        )
    smallest = (
        ask.notional_usd * 0 if ask.reduces_only else market.smallest_usd
    )  # closing the whole is exempt
    return at_least("venue_limits", ask.notional_usd, smallest, "USD")
