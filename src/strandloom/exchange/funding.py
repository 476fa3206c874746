"""Hourly funding: a rate from the premium, paid on the oracle price."""

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.events import FundingPaid, FundingSettled
from strandloom.exchange.market import Market
from strandloom.exchange.state import State

RATE_UNIT = 10_000_000_000
HOUR_MS = 3_600_000
_INTEREST = RATE_UNIT // 10_000  # 0.01 % in eight hours
_CLAMP = 5 * _INTEREST
_CAP = RATE_UNIT * 4 // 100


def hourly_rate(premium: int) -> int:
    """An eighth of `premium + clamp(0.01 % - premium, ±0.05 %)`, at most 4 % an hour."""
    eight_hours = premium + max(-_CLAMP, min(_CLAMP, _INTEREST - premium))
    return max(-_CAP, min(_CAP, eight_hours // 8))


def premium_of(market: Market) -> int:
    """The average premium since the last hour; 0 where the feed has no oracle of its own."""
    return market.premium_sum // market.premium_count if market.premium_count else 0


def current_rate(market: Market) -> int:
    """What the next hour would be settled at."""
    if market.funding_rate is not None:
        return market.funding_rate
    return hourly_rate(premium_of(market))


def settle(state: State) -> None:
    """Every position of every market pays or is paid."""
    for market in state.markets:
        if not market.price or market.delisted:
            continue
        rate = current_rate(market)
        settled = FundingSettled(state.now, market.asset.index, rate, premium_of(market))
        market.rates.append(settled)
        market.premium_sum = market.premium_count = 0
        state.events.append(settled)
        for stake in market.stakes.values():
            if stake.szi:
                pay(state, state.accounts[stake.user], stake, market, rate)
        held = state.insurance.stakes.get(market.asset.index)
        if held is not None and held.szi:
            pay(state, state.insurance, held, market, rate)


def pay(state: State, account: Account, stake: Stake, market: Market, rate: int) -> None:
    """Rounded against the account; the funding account holds the other side."""
    usd = -stake.szi * market.oracle * rate // RATE_UNIT
    if stake.is_cross:
        account.cash += usd
    else:
        stake.cash += usd
    state.funding_usd -= usd
    stake.funding_all -= usd
    stake.funding_open -= usd
    stake.funding_change -= usd
    paid = FundingPaid(state.now, account.user, stake.asset, usd, stake.szi, rate)
    account.fundings.append(paid)
    state.events.append(paid)
