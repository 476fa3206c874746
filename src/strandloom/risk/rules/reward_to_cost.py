"""What is expected to be won before costs must be a multiple of the costs."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_least


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    limit = limits.trade.reward_to_cost
    if ask.by_person and ask.take_profit is not None:
        gross = float(abs(ask.take_profit / ask.price - 1)) * 10_000
    else:
        gross = ask.expected_net_bps + ask.cost_bps
    value = gross / ask.cost_bps if ask.cost_bps > 0 else None
    return at_least("reward_to_cost", value, limit, "times the round-trip cost")
