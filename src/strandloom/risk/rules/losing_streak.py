"""After a row of losses comes a pause."""

from datetime import timedelta

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    pause = timedelta(minutes=limits.losses.cooldown_minutes)
    ends = account.last_loss_at + pause if account.last_loss_at is not None else market.now
    pausing = account.losing_streak >= limits.losses.streak and market.now < ends
    return Answer(
        rule="losing_streak",
        approved=not pausing,
        limit=limits.losses.streak,
        value=account.losing_streak,
        unit="losses in a row",
        why=f"pause until {ends:%Y-%m-%d %H:%M} UTC" if pausing else "",
    )
