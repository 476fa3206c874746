"""A day that lost too much, open positions included, is over; days begin at 00:00 UTC."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, says, share, unknown


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    limit = limits.losses.daily_percent
    lost = share(account.day_start_usd - account.equity_usd, account.day_start_usd)
    if lost is None:
        return unknown("daily_loss", limit, "% of the day's first equity")
    return says(
        rule="daily_loss", approved=lost < limit, limit=limit, value=lost, unit="% of the day's first equity"
    )
