"""No trade may lose more than a set share of equity if its stop fills at its price."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most, says, share, unknown


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    limit = limits.trade.risk_percent
    if ask.stop is None:
        return unknown("trade_risk", limit, "% of equity")
    wrong_side = ask.stop >= ask.price if ask.buys else ask.stop <= ask.price
    if wrong_side:
        return says(
            rule="trade_risk",
            approved=False,
            limit=ask.price,
            value=ask.stop,
            unit="price",
            why="the stop is on the wrong side of the entry",
        )
    return at_most("trade_risk", share(ask.risk_usd, account.equity_usd), limit, "% of equity")
