"""What the venue itself does: listing, delisting, caps, halts, and drills."""

from strandloom.exchange import words
from strandloom.exchange.account import Account, Stake
from strandloom.exchange.asset import Asset, Tier
from strandloom.exchange.commands import (
    CancelAll,
    Delist,
    ForceLiquidation,
    HaltTrading,
    ListAsset,
    SetCaps,
)
from strandloom.exchange.life import cancel, end
from strandloom.exchange.liquidate import liquidate
from strandloom.exchange.market import Market
from strandloom.exchange.replies import DONE, Err, Reply
from strandloom.exchange.settle import forced
from strandloom.exchange.state import State


def list_asset(state: State, command: ListAsset) -> Reply:
    """At the end of the universe, so that asset ids never change; what was delisted comes back as it was."""
    known = state.names.get(command.name)
    if known is not None:
        if not state.markets[known].delisted:
            return Err(f"{command.name} is listed already.")
        state.markets[known].delisted = False
        return DONE
    asset = Asset(
        len(state.markets),
        command.name,
        command.sz_decimals,
        command.max_leverage,
        tuple(Tier(*tier) for tier in command.tiers),
        command.margin_table,
        command.only_isolated,
    )
    state.names[asset.name] = asset.index
    state.markets.append(Market(asset, state.rules.depth))
    return DONE


def delist(state: State, command: Delist) -> Reply:
    """Orders are cancelled, positions settle at the mark against the market, without a fee."""
    if not 0 <= command.asset < len(state.markets):
        return Err(words.BAD_ASSET)
    market = state.markets[command.asset]
    for account in state.accounts.values():
        for order in list(account.live.values()):
            if order.asset == command.asset and order.oid in account.live:
                cancel(state, account, order, "delistedCanceled")
        held = account.stakes.get(command.asset)
        if held is not None and held.szi:
            _settle(state, account, held, market)
    held = state.insurance.stakes.get(command.asset)
    if held is not None and held.szi:
        _settle(state, state.insurance, held, market)
    market.delisted = True
    market.stakes.clear()
    return DONE


def _settle(state: State, account: Account, stake: Stake, market: Market) -> None:
    market.szi += stake.szi
    state.market_usd -= stake.szi * market.mark
    end(state, account, forced(state, account, stake, market, market.mark, None), "filled")


def set_caps(state: State, command: SetCaps) -> Reply:
    """Caps on open interest and on its growth."""
    if not 0 <= command.asset < len(state.markets):
        return Err(words.BAD_ASSET)
    market = state.markets[command.asset]
    market.interest_cap = command.open_interest
    market.growth_cap = command.growth
    return DONE


def halt(state: State, command: HaltTrading) -> Reply:
    """Orders are refused while it lasts; cancels work."""
    state.halted = command.on
    return DONE


def cancel_all(state: State, command: CancelAll) -> Reply:
    """Orders that the venue cancels by itself."""
    accounts = state.accounts
    if command.user is not None:
        accounts = {command.user: accounts[command.user]} if command.user in accounts else {}
    for account in accounts.values():
        for order in list(account.live.values()):
            if order.oid in account.live:
                cancel(state, account, order, "internalCancel")
    return DONE


def force_liquidation(state: State, command: ForceLiquidation) -> Reply:
    """As if the margin were gone."""
    account = state.accounts.get(command.user)
    if account is None:
        return Err(words.NO_DEPOSIT.format(user=command.user))
    for stake in list(account.stakes.values()):
        if stake.szi:
            liquidate(state, account, stake, force=True)
    return DONE
