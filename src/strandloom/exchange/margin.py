"""Margin arithmetic: what an account is worth, what its positions bind, and what it can still afford."""

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.market import Market
from strandloom.exchange.state import State

Markets = list[Market]


def cross_value(account: Account, markets: Markets) -> int:
    """Cash and cross positions at the mark."""
    value = account.cash
    for index, stake in account.cross.items():
        value += stake.szi * markets[index].mark
    return value


def cross_initial(account: Account, markets: Markets) -> int:
    """What cross positions bind at their leverage."""
    return sum(
        -(-abs(stake.szi * markets[index].mark) // stake.leverage) for index, stake in account.cross.items()
    )


def cross_maintenance(account: Account, markets: Markets) -> int:
    """Below this value the cross positions are liquidated."""
    need = 0
    for index, stake in account.cross.items():
        market = markets[index]
        need += market.asset.maintenance(abs(stake.szi) * market.mark)
    return need


def free(account: Account, markets: Markets) -> int:
    """What new positions may bind."""
    value = account.cash
    for index, stake in account.cross.items():
        ntl = stake.szi * markets[index].mark
        value += ntl - -(-abs(ntl) // stake.leverage)
    return value


def withdrawable(account: Account, markets: Markets) -> int:
    """Transfers out leave the initial margin, and at least a tenth of the notional."""
    value = account.cash
    ntl = initial = 0
    for index, stake in account.cross.items():
        signed = stake.szi * markets[index].mark
        value += signed
        ntl += abs(signed)
        initial += -(-abs(signed) // stake.leverage)
    return max(0, value - max(initial, -(-ntl // 10)))


def stake_value(stake: Stake, market: Market) -> int:
    """An isolated position's margin, open profit included."""
    return stake.cash + stake.szi * market.mark


def account_value(account: Account, markets: Markets) -> int:
    """What all of it is worth at the mark, isolated margins included."""
    value = cross_value(account, markets)
    for stake in account.stakes.values():
        if stake.szi and not stake.is_cross:
            value += stake_value(stake, markets[stake.asset])
    return value


def stake_maintenance(stake: Stake, market: Market) -> int:
    """Below this an isolated position is liquidated."""
    return market.asset.maintenance(abs(stake.szi) * market.mark)


def is_below(account: Account, stake: Stake, state: State) -> bool:
    """Whether the margin that carries this stake is below maintenance."""
    market = state.markets[stake.asset]
    if not stake.is_cross:
        return stake_value(stake, market) < stake_maintenance(stake, market)
    value = account.cash
    need = 0
    for index, other in account.cross.items():
        market = state.markets[index]
        ntl = other.szi * market.mark
        value += ntl
        need += market.asset.maintenance(ntl if ntl >= 0 else -ntl)
    return value < need


def rest_ok(account: Account, stake: Stake, markets: Markets, signed: int, px: int) -> bool:
    """Whether the account could carry a resting order of `signed` lots, filled at `px`."""
    after = stake.szi + signed
    held = stake.szi
    if held and (after == 0 or ((after > 0) == (held > 0) and abs(after) <= abs(held))):
        return True  # only reduces
    more = abs(signed) if held == 0 or (held > 0) == (signed > 0) else abs(after)
    need = -(-more * px // stake.leverage)
    if (held > 0) != (signed > 0) and stake.is_cross:  # flat first: the margin of the old side comes free
        need -= -(-abs(held * markets[stake.asset].mark) // stake.leverage)
    return free(account, markets) >= need


def take_ok(
    account: Account,
    stake: Stake,
    markets: Markets,
    taken: int,
    cost: int,
    fee: int,
    rest: int,
    rest_px: int,
) -> bool:
    """Whether the account is sound after buying `taken` lots (negative: sold) for `cost`, the rest resting.

    The position counts at the mark, so what is paid beyond the mark must be there on top of the margin.
    """
    held = stake.szi
    after = held + taken
    total = after + rest
    if held and (total == 0 or ((total > 0) == (held > 0) and abs(total) <= abs(held))):
        return True  # only reduces
    mark = markets[stake.asset].mark
    spare = free(account, markets) - fee
    lever = stake.leverage
    more_rest = abs(rest) if after == 0 or (after > 0) == (rest > 0) else max(0, abs(rest) - abs(after))
    if stake.is_cross:
        bound = -(-abs(held * mark) // lever)
        spare += bound + taken * mark - cost
        return spare >= -(-abs(after * mark) // lever) + -(-more_rest * rest_px // lever)
    flips = held != 0 and (held > 0) != (taken > 0)
    more = max(0, abs(taken) - abs(held)) if flips else abs(taken)
    slip = max(0, cost - taken * mark)
    price = abs(cost) // abs(taken) if taken else 0
    return spare >= slip - (-more * price // lever) + -(-more_rest * rest_px // lever)


def beyond_tier(stake: Stake, market: Market, signed: int) -> bool:
    """Whether the position would outgrow the tier that still allows its leverage."""
    held, after = abs(stake.szi), abs(stake.szi + signed)
    bands = market.asset.bands
    if len(bands) == 1 or after <= held:
        return False
    return stake.leverage > market.asset.band(after * market.mark).max_leverage
