"""Too far below the high-water mark nothing is opened; only a person's release ends that."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, says, share, unknown


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    limit = limits.losses.drawdown_percent
    below = share(account.high_water - account.unit_value, account.high_water)
    if below is None:
        return unknown("drawdown", limit, "% below the high-water mark")
    latched = any(halt.rule == "drawdown" for halt in account.halts)
    return says(
        rule="drawdown",
        approved=below < limit and not latched,
        limit=limit,
        value=below,
        unit="% below the high-water mark",
        why="latched until a person releases it" if latched else "",
    )
