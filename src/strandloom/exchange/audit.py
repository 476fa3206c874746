"""Conservation: what was deposited is there, to the micro-dollar and to the lot."""

from strandloom.exchange.state import State


def money(state: State) -> int:
    """Deposits that cannot be found (positive) or were made of nothing (negative): always 0."""
    users = sum(
        account.cash + sum(stake.cash for stake in account.stakes.values())
        for account in state.accounts.values()
    )
    insurance = state.insurance.cash + sum(stake.cash for stake in state.insurance.stakes.values())
    held = users + insurance + state.fees_usd + state.funding_usd + state.market_usd
    return state.deposited - held


def lots(state: State) -> list[int]:
    """Per asset, the sum of all positions, the market's included: always 0."""
    sums = [market.szi for market in state.markets]
    for account in (*state.accounts.values(), state.insurance):
        for stake in account.stakes.values():
            sums[stake.asset] += stake.szi
    return sums
