"""What Hyperliquid's channels say, as values of ours."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from strandloom.basics.ids import from_unix_ms
from strandloom.kinds.market import Bar, Quote
from strandloom.market import minute as minutes
from strandloom.market.minute import MINUTE_MS

_BESIDE = {"mark": "markPx", "oracle": "oraclePx", "funding": "funding", "open_interest": "openInterest"}


def candle(venue: str, wire: Mapping[str, Any]) -> Bar:
    """A candle as a bar; whether it is closed the candle does not say."""
    return Bar(
        venue=venue,
        symbol=wire["s"],
        at=minutes.opens(int(wire["t"]) // MINUTE_MS),
        open=float(wire["o"]),
        high=float(wire["h"]),
        low=float(wire["l"]),
        close=float(wire["c"]),
        volume=float(wire["v"]),
        trades=int(wire["n"]),
    )


def best(wire: Mapping[str, Any]) -> dict[str, float | None]:
    """Bid and ask as a bar carries them."""
    bid, ask = wire["bbo"]
    return {"bid": float(bid["px"]) if bid else None, "ask": float(ask["px"]) if ask else None}


def context(wire: Mapping[str, Any]) -> dict[str, float | None]:
    """Mark, oracle, funding and open interest as a bar carries them."""
    return {field: float(wire[name]) for field, name in _BESIDE.items() if wire.get(name) is not None}


def quote(venue: str, wire: Mapping[str, Any], mark: Decimal | None) -> Quote | None:
    """A quote, when there is someone on both sides of the book."""
    bid, ask = wire["bbo"]
    if not (bid and ask):
        return None
    return Quote(
        venue=venue,
        symbol=wire["coin"],
        at=from_unix_ms(int(wire["time"])),
        bid=Decimal(bid["px"]),
        bid_size=Decimal(bid["sz"]),
        ask=Decimal(ask["px"]),
        ask_size=Decimal(ask["sz"]),
        mark=mark,
    )


def listed(meta: Mapping[str, Any]) -> set[str]:
    """The symbols that can be traded; the rows of delisted ones stay in the universe."""
    return {entry["name"] for entry in meta["universe"] if not entry.get("isDelisted")}


def subscriptions(symbol: str) -> list[dict[str, str]]:
    """All that a bar is made of."""
    return [
        {"type": "candle", "coin": symbol, "interval": "1m"},
        {"type": "bbo", "coin": symbol},
        {"type": "activeAssetCtx", "coin": symbol},
    ]
