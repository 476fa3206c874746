"""`meta` and `spotMeta`: what there is to trade, and the minimal spot side that clients insist on."""

from collections.abc import Iterable
from typing import Any, Final

from strandloom.exchange.asset import Asset, dollars
from strandloom.exchange.port import Exchange
from strandloom.exchange.server.spell import number

_FIRST_SHARED_TABLE: Final = 50  # below it, a table id is the one leverage of a table without tiers

SPOT: Final[dict[str, Any]] = {
    "universe": [],
    "tokens": [
        {
            "name": "USDC",
            "szDecimals": 8,
            "weiDecimals": 8,
            "index": 0,
            "tokenId": "0x6d1e7cde53ba9467b783cb7c530ce054",
            "isCanonical": True,
            "evmContract": None,
            "fullName": None,
        }
    ],
}


def meta(exchange: Exchange) -> dict[str, Any]:
    """The perpetuals by asset id, and the margin tables that they name."""
    assets = exchange.assets()
    return {
        "universe": [_row(asset, exchange.is_delisted(asset.index)) for asset in assets],
        "marginTables": _tables(assets),
        "collateralToken": 0,
    }


def _row(asset: Asset, delisted: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "szDecimals": asset.sz_decimals,
        "name": asset.name,
        "maxLeverage": asset.max_leverage,
        "marginTableId": asset.margin_table,
    }
    if asset.only_isolated:
        row |= {"onlyIsolated": True, "marginMode": "strictIsolated"}
    return {**row, "isDelisted": True} if delisted else row


def _tables(assets: Iterable[Asset]) -> list[Any]:
    shared = {a.margin_table: a for a in assets if a.margin_table >= _FIRST_SHARED_TABLE}
    return [[number_, table(asset)] for number_, asset in sorted(shared.items())]


def table(asset: Asset) -> dict[str, Any]:
    """The margin tiers of one asset."""
    tiers = [
        {"lowerBound": number(dollars(tier.lower_usd)), "maxLeverage": tier.max_leverage}
        for tier in asset.tiers
    ]
    return {"description": f"tiered {asset.max_leverage}x" if len(tiers) > 1 else "", "marginTiers": tiers}
