"""The actions that we send, in the key order in which they are hashed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from strandloom.hyperliquid.numbers import bare, usd_units

Tif = Literal["Gtc", "Ioc", "Alo"]
Tpsl = Literal["tp", "sl"]
Grouping = Literal["na", "normalTpsl", "positionTpsl"]
Wire = dict[str, Any]


def limit(tif: Tif) -> Wire:
    """The type of a limit order."""
    return {"limit": {"tif": tif}}


def trigger(tpsl: Tpsl, trigger_price: Decimal, *, market: bool) -> Wire:
    """The type of a stop or take-profit order."""
    return {"trigger": {"isMarket": market, "triggerPx": bare(trigger_price), "tpsl": tpsl}}


def order(
    asset: int,
    *,
    is_buy: bool,
    price: Decimal,
    size: Decimal,
    kind: Wire,
    reduce_only: bool = False,
    cloid: str | None = None,
) -> Wire:
    """One order of a batch."""
    wire = {
        "a": asset,
        "b": is_buy,
        "p": bare(price),
        "s": bare(size),
        "r": reduce_only,
        "t": kind,
    }
    return wire if cloid is None else {**wire, "c": cloid}


def place(orders: Sequence[Wire], grouping: Grouping = "na") -> Wire:
    """Place a batch of orders."""
    return {"type": "order", "orders": list(orders), "grouping": grouping}


def cancel(orders: Sequence[tuple[int, int]]) -> Wire:
    """Cancel by (asset, order id)."""
    return {"type": "cancel", "cancels": [{"a": asset, "o": oid} for asset, oid in orders]}


def cancel_by_cloid(orders: Sequence[tuple[int, str]]) -> Wire:
    """Cancel by (asset, client order id)."""
    return {"type": "cancelByCloid", "cancels": [{"asset": asset, "cloid": cloid} for asset, cloid in orders]}


def modify(changes: Sequence[tuple[int | str, Wire]], *, taker_allowed: bool = False) -> Wire:
    """Replace orders, named by order id or client order id; each gets a new order id.

    Without `taker_allowed` the venue turns the replacement into a post-only order and accepts no trigger.
    """
    wire: Wire = {"type": "batchModify", "modifies": [{"oid": oid, "order": new} for oid, new in changes]}
    return {**wire, "a": True} if taker_allowed else wire


def schedule_cancel(at_ms: int | None) -> Wire:
    """Cancel all orders at `at_ms` unless told otherwise before; None calls it off."""
    return {"type": "scheduleCancel"} if at_ms is None else {"type": "scheduleCancel", "time": at_ms}


def update_leverage(asset: int, leverage: int, *, cross: bool) -> Wire:
    """Set the leverage of an asset and whether it shares its margin."""
    return {"type": "updateLeverage", "asset": asset, "isCross": cross, "leverage": leverage}


def update_isolated_margin(asset: int, usd: Decimal) -> Wire:
    """Add margin to an isolated position, or take some with a negative amount."""
    return {"type": "updateIsolatedMargin", "asset": asset, "isBuy": True, "ntli": usd_units(usd)}


def noop() -> Wire:
    """Only uses up its nonce: the cheapest way to keep an order in flight from arriving."""
    return {"type": "noop"}


def approve_agent(address: str, name: str, nonce: int) -> Wire:
    """Let another key trade for this account; the zero address takes the permission back."""
    named = {"agentName": name} if name else {}
    return {"type": "approveAgent", "agentAddress": address, **named, "nonce": nonce}


def usd_send(destination: str, usd: Decimal, time_ms: int) -> Wire:
    """Send dollars to another account."""
    return {"type": "usdSend", "destination": destination, "amount": bare(usd), "time": time_ms}
