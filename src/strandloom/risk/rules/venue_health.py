"""Nothing is opened at a failing venue, nor on a symbol with an order or a position in doubt."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, says


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    doubt = ask.symbol in account.in_doubt
    differs = ask.symbol in account.unexplained
    why = (
        "an order on this symbol is in doubt"
        if doubt
        else "our books and the venue differ on this symbol"
        if differs
        else ""
        if market.venue_healthy
        else "the venue does not answer as it should"
    )
    state = "healthy" if not why else "in doubt" if doubt else "unexplained" if differs else "failing"
    return says(
        rule="venue_health",
        approved=not why,
        limit="healthy",
        value=state,
        unit="state of the venue",
        why=why,
    )
