"""Holding must not be eaten up by funding."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    rate = market.funding_hourly
    value = None if rate is None else (rate if ask.buys else -rate) * ask.holding_s / 3_600 * 10_000
    return at_most("funding_cost", value, limits.trade.funding_bps, "bps over the holding time")
