"""Questions to /info about the market: everyone gets the same answer."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from strandloom.exchange.port import Exchange
from strandloom.exchange.server import depth, spell, universe
from strandloom.exchange.server.asked import Asked
from strandloom.exchange.server.forms import Unreadable

INTERVALS: Final = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "8h", "12h", "1d", "3d", "1w", "1M")


class NoSuchCoin(Exception):
    """The venue answers 500 with the body `null`."""


def asset_of(exchange: Exchange, coin: str) -> int:
    """The asset id of a coin."""
    asset = exchange.asset_id(coin)
    if asset is None:
        raise NoSuchCoin(coin)
    return asset


def _meta(exchange: Exchange, asked: Asked) -> Any:
    if not asked.own_dex():
        raise NoSuchCoin("no other dex")
    return universe.meta(exchange)


def _contexts(exchange: Exchange, asked: Asked) -> Any:
    contexts = [spell.context(exchange.context(asset.index)) for asset in exchange.assets()]
    return [_meta(exchange, asked), contexts]


def _mids(exchange: Exchange, asked: Asked) -> Any:
    return exchange.mids() if asked.own_dex() else {}


def _book(exchange: Exchange, asked: Asked) -> Any:
    asset = exchange.asset_id(asked.text("coin"))
    return None if asset is None else depth.book(exchange, asset, depth.grouping(asked))


def _candles(exchange: Exchange, asked: Asked) -> Any:
    wanted = asked.inner("req")
    interval = wanted.text("interval")
    if interval not in INTERVALS:
        raise Unreadable("unknown interval")
    start, end = wanted.number("startTime"), wanted.number_or_none("endTime")
    asset = asset_of(exchange, wanted.text("coin"))
    found = exchange.candles(asset, interval, start, exchange.now if end is None else end)
    return [spell.candle(view) for view in found]


def _rates(exchange: Exchange, asked: Asked) -> Any:
    start, end = asked.number("startTime"), asked.number_or_none("endTime")
    asset = asset_of(exchange, asked.text("coin"))
    return [spell.rate(view) for view in exchange.rates(asset, start, end)]


def _status(exchange: Exchange, _asked: Asked) -> Any:
    return {"time": exchange.now, "specialStatuses": ["trading is halted"] if exchange.halted else None}


def _table(exchange: Exchange, asked: Asked) -> Any:
    number = asked.number("id")
    for asset in exchange.assets():
        if asset.margin_table == number:
            return universe.table(asset)
    raise NoSuchCoin(f"margin table {number}")


ANSWERS: Final[Mapping[str, Callable[[Exchange, Asked], Any]]] = {
    "meta": _meta,
    "metaAndAssetCtxs": _contexts,
    "spotMeta": lambda _exchange, _asked: universe.SPOT,
    "spotMetaAndAssetCtxs": lambda _exchange, _asked: [universe.SPOT, []],
    "perpDexs": lambda _exchange, _asked: [None],
    "allMids": _mids,
    "l2Book": _book,
    "candleSnapshot": _candles,
    "fundingHistory": _rates,
    "exchangeStatus": _status,
    "marginTable": _table,
}
