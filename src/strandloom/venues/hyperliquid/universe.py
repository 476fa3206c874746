"""What can be traded at the venue: asset numbers, lots, leverage, and the marks that come with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from strandloom.hyperliquid.rules import lot
from strandloom.kinds.instrument import Instrument

SMALLEST_USD: Final = Decimal(10)  # of an order that opens, or closes a part


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One perpetual; its number is its place in the list, delisted ones included."""

    index: int
    symbol: str
    sz_decimals: int
    max_leverage: int
    delisted: bool


class Universe:
    """As of the last time that the venue was asked."""

    def __init__(self) -> None:
        self._assets: dict[str, Asset] = {}
        self.marks: dict[str, Decimal] = {}

    def take(self, meta: Mapping[str, Any], contexts: list[Mapping[str, Any]]) -> None:
        """`metaAndAssetCtxs`."""
        rows = enumerate(meta["universe"])
        self._assets = {row["name"]: _asset(index, row) for index, row in rows}
        names = list(self._assets)
        told = zip(names, contexts, strict=False)
        self.marks = {name: Decimal(one["markPx"]) for name, one in told if one.get("markPx")}

    def asset(self, symbol: str) -> Asset | None:
        """A symbol that can be traded."""
        found = self._assets.get(symbol)
        return None if found is None or found.delisted else found

    def instrument(self, symbol: str) -> Instrument | None:
        found = self.asset(symbol)
        if found is None:
            return None
        return Instrument(
            symbol=symbol,
            lot=lot(found.sz_decimals),
            smallest_usd=SMALLEST_USD,
            max_leverage=found.max_leverage,
        )


def _asset(index: int, row: Mapping[str, Any]) -> Asset:
    return Asset(
        index=index,
        symbol=row["name"],
        sz_decimals=row["szDecimals"],
        max_leverage=row["maxLeverage"],
        delisted=bool(row.get("isDelisted")),
    )
