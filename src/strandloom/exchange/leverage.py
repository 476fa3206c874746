"""Leverage and isolated margin of one asset."""

from strandloom.exchange import words
from strandloom.exchange.commands import UpdateIsolatedMargin, UpdateLeverage
from strandloom.exchange.margin import free, stake_value
from strandloom.exchange.replies import DONE, Err, Reply
from strandloom.exchange.state import State


def update_leverage(state: State, command: UpdateLeverage) -> Reply:
    """Raise or lower it; the mode can only change without a position."""
    account = state.accounts.get(command.user)
    if account is None:
        return Err(words.NO_DEPOSIT.format(user=command.user))
    if not 0 <= command.asset < len(state.markets):
        return Err(words.BAD_ASSET)
    market = state.markets[command.asset]
    asset, leverage = market.asset, command.leverage
    if not 1 <= leverage <= asset.max_leverage:
        return Err(words.LEVERAGE)
    if command.is_cross and asset.only_isolated:
        return Err(words.ONLY_ISOLATED)
    stake = state.stake(account, command.asset)
    ntl = abs(stake.szi) * market.mark
    if stake.szi == 0:
        stake.is_cross, stake.leverage = command.is_cross, leverage
        return DONE
    if stake.is_cross != command.is_cross:
        return Err(words.LEVERAGE_MODE)
    if leverage > asset.band(ntl).max_leverage:
        return Err(words.LEVERAGE)
    more = -(-ntl // leverage)
    if stake.is_cross:
        more -= -(-ntl // stake.leverage)
    else:
        more -= stake_value(stake, market)  # lowering draws the missing margin, raising gives none back
    if more > 0 and free(account, state.markets) < more:
        return Err(words.LEVERAGE_MARGIN)
    if more > 0 and not stake.is_cross:
        stake.cash += more
        account.cash -= more
    stake.leverage = leverage
    return DONE


def update_isolated_margin(state: State, command: UpdateIsolatedMargin) -> Reply:
    """Put money into an isolated position, or take out what its leverage does not bind."""
    account = state.accounts.get(command.user)
    if account is None:
        return Err(words.NO_DEPOSIT.format(user=command.user))
    stake = account.stakes.get(command.asset)
    if stake is None or stake.is_cross or stake.szi == 0:
        return Err(words.NOT_ISOLATED)
    market = state.markets[command.asset]
    if command.usd >= 0:
        short = free(account, state.markets) < command.usd
    else:
        ntl = abs(stake.szi) * market.mark
        bound = max(-(-ntl // stake.leverage), -(-ntl // 10))
        short = stake_value(stake, market) + command.usd < bound
    if short:
        return Err(words.ISOLATED_SHORT)
    stake.cash += command.usd
    account.cash -= command.usd
    return DONE
