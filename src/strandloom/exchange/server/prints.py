"""What the market itself trades, beside what users trade with it: the tape that everyone can read."""

from collections import defaultdict, deque
from hashlib import blake2b
from heapq import nlargest
from typing import Final

from strandloom.exchange.port import Exchange
from strandloom.exchange.views import TradeView

NOBODY: Final = "0x" + "0" * 40
_KEPT: Final = 100


class Prints:
    """The latest prints of each coin.  They are shown, but nothing here fills anybody's order."""

    def __init__(self) -> None:
        self._by_coin: dict[str, deque[TradeView]] = defaultdict(lambda: deque(maxlen=_KEPT))

    def add(self, trade: TradeView) -> None:
        """One more."""
        self._by_coin[trade.coin].append(trade)

    def recent(self, exchange: Exchange, asset: int, limit: int = 50) -> list[TradeView]:
        """The latest of both kinds, newest first."""
        coin = exchange.assets()[asset].name
        both = [*exchange.trades(asset, limit), *reversed(self._by_coin[coin])]
        return nlargest(limit, both, key=lambda trade: trade.time)


def name(coin: str, at_ms: int, step: int) -> tuple[str, int]:
    """A hash and a 50-bit id, the same for the same print."""
    digest = blake2b(f"{coin} {at_ms} {step}".encode(), digest_size=32).digest()
    return f"0x{digest.hex()}", int.from_bytes(digest[:7], "big") >> 6
