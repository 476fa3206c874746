"""An intent in the venue's words, or the reason why it has none."""

from strandloom.hyperliquid import actions
from strandloom.hyperliquid.actions import Tif, Wire
from strandloom.hyperliquid.rules import is_legal_size, lot, price_at_least, price_at_most
from strandloom.kinds.order import OrderIntent
from strandloom.venues.hyperliquid.universe import Asset

_TIF: dict[str, Tif] = {"gtc": "Gtc", "ioc": "Ioc", "alo": "Alo"}


def flaw(asset: Asset, intent: OrderIntent) -> str | None:
    """Why it cannot be sent."""
    if not is_legal_size(intent.quantity, asset.sz_decimals):
        return f"{intent.quantity} {intent.symbol} is no multiple of the lot, {lot(asset.sz_decimals)}"
    if intent.price <= 0 or (intent.trigger is not None and intent.trigger <= 0):
        return f"a price of {intent.symbol} must be above 0"
    return None


def placing(asset: Asset, intent: OrderIntent, stop: OrderIntent | None) -> Wire:
    """The action that places it, with its stop as its child where one goes along."""
    if stop is None:
        return actions.place([order(asset, intent)])
    return actions.place([order(asset, intent), order(asset, stop)], "normalTpsl")


def order(asset: Asset, intent: OrderIntent) -> Wire:
    """Prices go to the legal side of the limit: never worse than what was decided."""
    buys = intent.side == "buy"
    legal = price_at_most if buys else price_at_least
    kind = actions.limit(_TIF[intent.time_in_force])
    if intent.trigger is not None:
        tpsl: actions.Tpsl = "tp" if intent.leg == "take_profit" else "sl"
        kind = actions.trigger(tpsl, legal(intent.trigger, asset.sz_decimals), market=True)
    return actions.order(
        asset.index,
        is_buy=buys,
        price=legal(intent.price, asset.sz_decimals),
        size=intent.quantity,
        kind=kind,
        reduce_only=intent.reduce_only,
        cloid=intent.cloid,
    )
