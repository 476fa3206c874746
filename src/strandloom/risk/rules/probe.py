"""A probe is small, rare and within a budget of its own."""

from datetime import timedelta

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, at_most, says, share

HOUR = timedelta(hours=1)


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    if not ask.exploration:
        return says(rule="probe", approved=True, limit="none", value="no probe", unit="probe")
    each = at_most(
        "probe", share(ask.risk_usd, account.equity_usd), limits.probes.risk_percent, "% of equity, each"
    )
    together = share(account.probe_risk_usd + ask.risk_usd, account.equity_usd)
    everything = at_most("probe", together, limits.probes.budget_percent, "% of equity, all probes")
    since = market.now - HOUR
    recent = [at for at in account.probes_at if at > since]
    pace = at_most("probe", len(recent) + 1, limits.probes.per_hour, "probes in an hour")
    for answer in (each, everything, pace):
        if not answer.approved:
            return answer
    return each
