"""The whole state as bytes and back, the same to the last bit and in the same order everywhere."""

from collections import deque
from dataclasses import asdict
from typing import Any

from strandloom.basics.errors import Halt
from strandloom.exchange.account import Account, Stake
from strandloom.exchange.asset import Asset, Tier
from strandloom.exchange.events import Fill, FundingPaid, FundingSettled, Liquidation, Moved, Trade
from strandloom.exchange.keep.codec import pack, unpack
from strandloom.exchange.ladder import Ladder
from strandloom.exchange.market import Candle, Market
from strandloom.exchange.order import Order
from strandloom.exchange.rules import Depth, Rules
from strandloom.exchange.side import Side
from strandloom.exchange.state import State

VERSION = 1

_ORDER = Order.__slots__
_LADDER = Ladder.__slots__
_STAKE = tuple(s for s in Stake.__slots__ if s not in ("_reach", "orders", "triggers"))
_ACCOUNT = (
    "user",
    "number",
    "cash",
    "volume",
    "cool_until",
    "cancel_at",
    "schedules",
    "schedule_day",
)
_MARKET_APART = (
    *("asset", "depth", "lane", "quote", "bids", "asks"),
    *("bid_users", "ask_users", "stakes", "bars", "trades", "rates"),
)
_MARKET = tuple(s for s in Market.__slots__ if s not in _MARKET_APART)
_STATE = tuple(
    s
    for s in State.__slots__
    if s not in {"accounts", "agents", "events", "insurance", "markets", "names", "nonces", "rules"}
)


def freeze(state: State) -> bytes:
    """All of it; between commands only, when no event waits and no bar is under way."""
    for market in state.markets:
        if market.stale:  # drawn now or at the next question: the same, but not the same bytes
            market.refresh()
    return pack(
        {
            "version": VERSION,
            "rules": asdict(state.rules),
            "plain": [getattr(state, name) for name in _STATE],
            "markets": [_market_out(market) for market in state.markets],
            "accounts": [_account_out(account) for account in state.accounts.values()],
            "insurance": _account_out(state.insurance),
            "agents": list(state.agents.items()),
            "nonces": list(state.nonces.items()),
        }
    )


def thaw(data: bytes) -> State:
    """The state that was frozen."""
    kept = unpack(data)
    if kept["version"] != VERSION:
        raise Halt(f"the exchange's snapshot has version {kept['version']}, this program reads {VERSION}")
    rules = kept["rules"]
    state = State(Rules(**{**rules, "depth": Depth(**rules["depth"])}))
    _fill(state, _STATE, kept["plain"])
    for each in kept["accounts"]:
        account = _account_in(each)
        state.accounts[account.user] = account
    state.insurance = _account_in(kept["insurance"])
    state.markets = [_market_in(each, state) for each in kept["markets"]]
    state.names = {market.asset.name: market.asset.index for market in state.markets}
    state.agents = dict(kept["agents"])
    state.nonces = dict(kept["nonces"])
    return state


def _fill(target: object, names: tuple[str, ...], values: list[Any]) -> None:
    for name, value in zip(names, values, strict=True):
        setattr(target, name, value)


def _out(source: object, names: tuple[str, ...]) -> list[Any]:
    return [getattr(source, name) for name in names]


def _account_out(account: Account) -> dict[str, Any]:
    return {
        "plain": _out(account, _ACCOUNT),
        "orders": [_out(order, _ORDER) for order in account.by_oid.values()],
        "live": list(account.live),
        "finished": [order.oid for order in account.finished],
        "cloids": [(cloid, order.oid) for cloid, order in account.by_cloid.items()],
        "stakes": [
            (_out(stake, _STAKE), list(stake.orders), list(stake.triggers))
            for stake in account.stakes.values()
        ],
        "cross": list(account.cross),
        "fills": list(account.fills),
        "fundings": list(account.fundings),
        "moves": list(account.moves),
        "agents": list(account.agents.items()),
    }


def _account_in(kept: dict[str, Any]) -> Account:
    account = Account("", 0)
    _fill(account, _ACCOUNT, kept["plain"])
    for values in kept["orders"]:
        order = Order.__new__(Order)
        _fill(order, _ORDER, values)
        order.children, order.siblings = tuple(order.children), tuple(order.siblings)
        account.by_oid[order.oid] = order
    account.live = {oid: account.by_oid[oid] for oid in kept["live"]}
    account.finished = deque(account.by_oid[oid] for oid in kept["finished"])
    account.by_cloid = {cloid: account.by_oid[oid] for cloid, oid in kept["cloids"]}
    for values, resting, armed in kept["stakes"]:
        stake = Stake("", 0, 1, True)
        _fill(stake, _STAKE, values)
        stake.orders = {oid: account.by_oid[oid] for oid in resting}
        stake.triggers = {oid: account.by_oid[oid] for oid in armed}
        account.stakes[stake.asset] = stake
    account.cross = {index: account.stakes[index] for index in kept["cross"]}
    account.fills.extend(map(_fill_in, kept["fills"]))
    account.fundings.extend(FundingPaid(*paid) for paid in kept["fundings"])
    account.moves.extend(Moved(*moved) for moved in kept["moves"])
    account.agents = {agent: (name, until) for agent, (name, until) in kept["agents"]}
    return account


def _fill_in(values: list[Any]) -> Fill:
    fill = Fill(*values)
    return fill if fill.liquidation is None else fill._replace(liquidation=Liquidation(*fill.liquidation))


def _market_out(market: Market) -> dict[str, Any]:
    asset = market.asset
    tiers = [(tier.lower_usd, tier.max_leverage) for tier in asset.tiers]
    return {
        "asset": [
            asset.index,
            asset.name,
            asset.sz_decimals,
            asset.max_leverage,
            tiers,
            asset.margin_table,
            asset.only_isolated,
        ],
        "plain": _out(market, _MARKET),
        "quote": market.quote,
        "bids": _out(market.bids, _LADDER),
        "asks": _out(market.asks, _LADDER),
        "bid_users": _side_out(market.bid_users),
        "ask_users": _side_out(market.ask_users),
        "stakes": list(market.stakes),
        "bars": list(market.bars),
        "trades": list(market.trades),
        "rates": list(market.rates),
    }


def _market_in(kept: dict[str, Any], state: State) -> Market:
    index, name, sz_decimals, leverage, tiers, table, isolated = kept["asset"]
    asset = Asset(index, name, sz_decimals, leverage, tuple(Tier(*tier) for tier in tiers), table, isolated)
    market = Market(asset, state.rules.depth)
    _fill(market, _MARKET, kept["plain"])
    market.quote = tuple(kept["quote"]) if kept["quote"] is not None else None
    _fill(market.bids, _LADDER, kept["bids"])
    _fill(market.asks, _LADDER, kept["asks"])
    _side_in(market.bid_users, kept["bid_users"], state)
    _side_in(market.ask_users, kept["ask_users"], state)
    market.stakes = {user: state.accounts[user].stakes[index] for user in kept["stakes"]}
    market.bars.extend(Candle(*bar) for bar in kept["bars"])
    market.trades.extend(Trade(*trade) for trade in kept["trades"])
    market.rates.extend(FundingSettled(*rate) for rate in kept["rates"])
    return market


def _side_out(side: Side) -> list[Any]:
    return [(order.user, order.oid) for level in side.levels.values() for order in level.values()]


def _side_in(side: Side, kept: list[Any], state: State) -> None:
    for user, oid in kept:
        side.add(state.accounts[user].by_oid[oid])
