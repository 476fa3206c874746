"""Nothing is entered during the daily windows that were set aside."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, says


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    at = market.now.time()
    window = next((b for b in limits.pace.blackouts if b.covers(at)), None)
    return says(
        rule="blackout",
        approved=window is None,
        limit="none" if window is None else f"{window.start:%H:%M}-{window.end:%H:%M}",
        value=f"{at.hour:02}:{at.minute:02}",
        unit="UTC",
    )
