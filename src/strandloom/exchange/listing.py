"""The perpetuals we know the venue's terms of: lot sizes, leverage and margin tiers; others get careful ones.

Taken from the venue's public tables in 2026; they change, so a live feed's own `meta` goes before them.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from strandloom.exchange.asset import MICRO
from strandloom.exchange.commands import ListAsset

_MILLION: Final = 1_000_000 * MICRO


class Terms(NamedTuple):
    """What the venue says of a perpetual; at `half_above` million dollars half the leverage begins."""

    sz_decimals: int
    max_leverage: int
    half_above: int = 0
    margin_table: int = 0


KNOWN: Final = {
    "BTC": Terms(5, 40, 150, 56),
    "ETH": Terms(4, 25, 100, 55),
    "SOL": Terms(2, 20, 70, 54),
    "XRP": Terms(0, 20, 40, 53),
    "DOGE": Terms(0, 10, 20, 52),
    "HYPE": Terms(2, 10, 20, 52),
    "SUI": Terms(1, 10, 20, 52),
    "LINK": Terms(1, 10, 20, 52),
    "AVAX": Terms(2, 10, 20, 52),
    "ARB": Terms(1, 10, 3, 51),
    "OP": Terms(1, 10, 3, 51),
    "BNB": Terms(3, 10, 3, 51),
    "TRX": Terms(0, 10, 3, 51),
}
UNKNOWN: Final = Terms(2, 3)


def listed(symbols: Iterable[str], at: int) -> list[ListAsset]:
    """The commands that put `symbols` on the exchange, in this order."""
    return [_listed(symbol, KNOWN.get(symbol, UNKNOWN), at) for symbol in symbols]


def _listed(symbol: str, terms: Terms, at: int) -> ListAsset:
    tiers = [(0, terms.max_leverage)]
    if terms.half_above:
        tiers.append((terms.half_above * _MILLION, terms.max_leverage // 2))
    return ListAsset(at, symbol, terms.sz_decimals, terms.max_leverage, tuple(tiers), terms.margin_table)
