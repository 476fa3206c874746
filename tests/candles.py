"""Candles as Hyperliquid writes them."""

from typing import Any

from strandloom.market.minute import MINUTE_MS


def a_candle(
    coin: str, minute: int, close: float = 100.0, *, volume: float = 1.0, trades: int = 5
) -> dict[str, Any]:
    return {
        "t": minute * MINUTE_MS,
        "T": (minute + 1) * MINUTE_MS - 1,
        "s": coin,
        "i": "1m",
        "o": "100.0",
        "c": str(close),
        "h": str(max(100.0, close)),
        "l": str(min(100.0, close)),
        "v": str(volume),
        "n": trades,
    }
