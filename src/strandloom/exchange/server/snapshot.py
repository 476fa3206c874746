"""What a subscriber is told at once: the state as it stands, for the channels that have one."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from strandloom.exchange.port import Exchange
from strandloom.exchange.server import depth, merge, spell
from strandloom.exchange.server.info_market import asset_of
from strandloom.exchange.server.info_user import active_asset
from strandloom.exchange.server.subscription import Subscription

Made = Callable[[Exchange, Subscription], Any]
_FILLS: Final = 2_000
_JUST_NOW_MS: Final = 180_000


def mids(exchange: Exchange, _: Subscription) -> Any:
    return {"mids": exchange.mids()}


def book(exchange: Exchange, asked: Subscription) -> Any:
    shown = depth.FAST_LEVELS if asked.fast else depth.LEVELS
    return depth.book(exchange, asset_of(exchange, asked.coin), asked.grouping, shown)


def bbo(exchange: Exchange, asked: Subscription) -> Any:
    view = exchange.book(asset_of(exchange, asked.coin), 1)
    return {"coin": view.coin, "time": view.time, "bbo": depth.touch(view)}


def context(exchange: Exchange, asked: Subscription) -> Any:
    view = exchange.context(asset_of(exchange, asked.coin))
    return {"coin": view.coin, "ctx": spell.context(view)}


def candle(exchange: Exchange, asked: Subscription) -> Any:
    """The candle of the latest closed minute; None when there was none just now."""
    now = exchange.now
    latest = exchange.candles(asset_of(exchange, asked.coin), asked.interval, now - _JUST_NOW_MS, now)[-1:]
    return spell.candle(latest[0]) if latest else None


def _fills(exchange: Exchange, asked: Subscription) -> Any:
    fills = exchange.fills(asked.user, _FILLS)
    told = merge.by_time(fills) if asked.merged else fills
    return {"isSnapshot": True, "user": asked.user, "fills": [spell.fill(view) for view in told]}


def _fundings(exchange: Exchange, asked: Subscription) -> Any:
    paid = exchange.fundings(asked.user, 0)
    return {"isSnapshot": True, "user": asked.user, "fundings": [spell.funding(view) for view in paid]}


def account(exchange: Exchange, asked: Subscription) -> Any:
    state = spell.account(exchange.account(asked.user))
    return {"dex": "", "user": asked.user, "clearinghouseState": state}


def open_orders(exchange: Exchange, asked: Subscription) -> Any:
    orders = [spell.frontend_order(view) for view in exchange.open_orders(asked.user)]
    return {"dex": "", "user": asked.user, "orders": orders}


def asset_data(exchange: Exchange, asked: Subscription) -> Any:
    return active_asset(exchange, asked.user, asked.coin)


# Told at once and whenever they change.
LIVE: Final[Mapping[str, Made]] = {
    "allMids": mids,
    "l2Book": book,
    "bbo": bbo,
    "activeAssetCtx": context,
    "activeAssetData": asset_data,
    "clearinghouseState": account,
    "openOrders": open_orders,
}
# Told at once; what happens later is told as it happens.
FIRST: Final[Mapping[str, Made]] = {
    **LIVE,
    "userFills": _fills,
    "userFundings": _fundings,
}


def channel(kind: str) -> str:
    """The channel on which a subscription is told; one of them has another name."""
    return "user" if kind == "userEvents" else kind
