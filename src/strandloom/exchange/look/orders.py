"""Questions about orders."""

from decimal import Decimal
from itertools import chain

from strandloom.exchange.account import Account
from strandloom.exchange.asset import Asset
from strandloom.exchange.order import Order
from strandloom.exchange.state import State
from strandloom.exchange.views import OrderView

HISTORY = 2_000


def order_view(state: State, order: Order) -> OrderView:
    """An order as it stands."""
    asset = state.markets[order.asset].asset
    account = state.accounts.get(order.user)
    children: tuple[OrderView, ...] = ()
    if account is not None and order.oid in account.live:
        found = (account.live.get(oid) for oid in order.children)
        children = tuple(order_view(state, child) for child in found if child is not None)
    return OrderView(
        asset=asset.index,
        coin=asset.name,
        side="B" if order.is_buy else "A",
        limit_px=asset.price(order.px),
        sz=asset.size(order.left),
        orig_sz=asset.size(order.sz),
        oid=order.oid,
        timestamp=order.at,
        cloid=order.cloid,
        reduce_only=order.reduce_only,
        order_type=type_of(order),
        tif=None if order.trigger_px else order.tif,
        is_trigger=order.is_trigger,
        trigger_px=asset.price(order.trigger_px) if order.trigger_px else Decimal(0),
        trigger_condition=condition(asset, order),
        is_position_tpsl=order.is_position_tpsl,
        children=children,
        status=order.status,
        status_timestamp=order.status_at,
    )


def type_of(order: Order) -> str:
    """The venue's name for the kind of order."""
    if order.trigger_px:
        name = "Stop" if order.tpsl == "sl" else "Take Profit"
        return f"{name} {'Market' if order.is_market else 'Limit'}"
    return "Market" if order.tif == "FrontendMarket" else "Limit"


def condition(asset: Asset, order: Order) -> str:
    """When it fires, in words."""
    if not order.trigger_px:
        return "N/A"
    return f"Price {'below' if order.fires_below else 'above'} {asset.px_text(order.trigger_px)}"


def find(account: Account, ref: int | str) -> Order | None:
    """By oid or cloid."""
    return account.by_oid.get(ref) if isinstance(ref, int) else account.by_cloid.get(ref)


def history(account: Account) -> list[Order]:
    """Live and finished, newest change first."""
    orders = sorted(chain(account.live.values(), account.finished), key=lambda o: (-o.status_at, -o.oid))
    return orders[:HISTORY]
