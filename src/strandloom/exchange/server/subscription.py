"""One thing a WebSocket can be subscribed to, read from what a client sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from strandloom.exchange.port import Exchange
from strandloom.exchange.server import depth
from strandloom.exchange.server.asked import Asked
from strandloom.exchange.server.forms import Unreadable
from strandloom.exchange.server.info_market import INTERVALS

_COIN: Final = frozenset({"l2Book", "bbo", "trades", "candle", "activeAssetCtx", "activeAssetData"})
_USER: Final = frozenset(
    {
        "orderUpdates",
        "userEvents",
        "userFills",
        "userFundings",
        "userNonFundingLedgerUpdates",
        "activeAssetData",
        "clearinghouseState",
        "openOrders",
    }
)
KINDS: Final = _COIN | _USER | {"allMids"}


@dataclass(frozen=True, slots=True)
class Subscription:
    """Equal subscriptions are the same key, however they were spelt."""

    kind: str
    coin: str = ""
    user: str = ""
    interval: str = ""
    grouping: depth.Grouping = (None, None)
    fast: bool = False
    merged: bool = False  # userFills: aggregateByTime

    def spelt(self) -> dict[str, Any]:
        """As the acknowledgement echoes it."""
        wire: dict[str, Any] = {"type": self.kind}
        for name in ("coin", "user", "interval"):
            if value := getattr(self, name):
                wire[name] = value
        if self.kind == "l2Book":
            wire |= {"nSigFigs": self.grouping[0], "mantissa": self.grouping[1]}
            wire |= {"fast": True} if self.fast else {}
        if self.merged:
            wire["aggregateByTime"] = True
        return wire


def read(exchange: Exchange, raw: Any) -> Subscription:
    """The subscription that a client means; raises Unreadable with the venue's words."""
    try:
        return _read(exchange, raw)
    except Unreadable:
        raise Unreadable(f"Invalid subscription {json.dumps(raw)}") from None


def _read(exchange: Exchange, raw: Any) -> Subscription:
    kind = raw.get("type") if isinstance(raw, Mapping) else None
    if kind not in KINDS:
        raise Unreadable("unknown type")
    asked = Asked(raw)
    return Subscription(
        kind=kind,
        coin=_coin(exchange, asked) if kind in _COIN else "",
        user=asked.user() if kind in _USER else "",
        interval=_interval(asked) if kind == "candle" else "",
        grouping=depth.grouping(asked) if kind == "l2Book" else (None, None),
        fast=kind == "l2Book" and asked.flag("fast"),
        merged=kind == "userFills" and asked.flag("aggregateByTime"),
    )


def _coin(exchange: Exchange, asked: Asked) -> str:
    coin = asked.text("coin")
    if exchange.asset_id(coin) is None:
        raise Unreadable("unknown coin")
    return coin


def _interval(asked: Asked) -> str:
    interval = asked.text("interval")
    if interval not in INTERVALS:
        raise Unreadable("unknown interval")
    return interval
