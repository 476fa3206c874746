"""`meta` and `spotMeta`: what there is to trade, and the minimal spot side that clients insist on."""

from collections.abc import Iterable
from typing import Any, Final

from strandloom.exchange.asset import Asset, dollars
from strandloom.exchange.port import Exchange
from strandloom.exchange.server.spell import number

_FIRST_SHARED_TABLE: Final = 50  # below it, a table id is the one leverage of a table without tiers


def _token(index: int, name: str, sz_decimals: int, wei_decimals: int) -> dict[str, Any]:
    return {
        "name": name,
        "szDecimals": sz_decimals,
        "weiDecimals": wei_decimals,
        "index": index,
        "tokenId": f"0x{index:032x}",
        "isCanonical": index < 2,
        "evmContract": None,
        "fullName": None,
    }


# Spot is not traded here.  Clients look these two markets up by name, as in the SDK's WebSocket example.
SPOT: Final[dict[str, Any]] = {
    "universe": [
        {"name": "PURR/USDC", "tokens": [1, 0], "index": 0, "isCanonical": True},
        {"name": "@1", "tokens": [2, 0], "index": 1, "isCanonical": False},
    ],
    "tokens": [_token(0, "USDC", 8, 8), _token(1, "PURR", 0, 5), _token(2, "HFUN", 2, 8)],
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
