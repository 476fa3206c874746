"""After a row of losses comes a pause."""

from datetime import timedelta

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, says


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    ends = market.now
    if account.losing_streak >= limits.losses.streak and account.last_loss_at is not None:
        ends = account.last_loss_at + timedelta(minutes=limits.losses.cooldown_minutes)
    pausing = market.now < ends
    return says(
        rule="losing_streak",
        approved=not pausing,
        limit=limits.losses.streak,
        value=account.losing_streak,
        unit="losses in a row",
        why=f"pause until {ends:%Y-%m-%d %H:%M} UTC" if pausing else "",
    )
