"""The channels that tell events: what the engine says happened, to those whom it concerns."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from strandloom.exchange.asset import dollars
from strandloom.exchange.events import (
    Event,
    Fill,
    FundingPaid,
    Liquidated,
    Moved,
    OrderChanged,
    Trade,
)
from strandloom.exchange.port import Exchange
from strandloom.exchange.server import merge, spell
from strandloom.exchange.server.hub import Hub
from strandloom.exchange.server.subscription import Subscription
from strandloom.exchange.views import FillView, FundingView, TradeView

# The venue tells its own cancels as an event; the end of a reduce-only order was seen without one.
_VENUE_CANCELS: Final = frozenset(
    {
        "marginCanceled",
        "selfTradeCanceled",
        "openInterestCapCanceled",
        "delistedCanceled",
        "liquidatedCanceled",
        "scheduledCancel",
        "internalCancel",
    }
)


def publish(exchange: Exchange, hub: Hub, events: Iterable[Event]) -> None:
    """Tell the events of one command, gathered as one message per channel."""
    gathered: dict[type, list[Any]] = defaultdict(list)
    for event in events:
        gathered[type(event)].append(event)
    _orders(exchange, hub, gathered[OrderChanged])
    _fills(exchange, hub, gathered[Fill])
    _trades(exchange, hub, gathered[Trade])
    _fundings(exchange, hub, gathered[FundingPaid])
    _liquidations(hub, gathered[Liquidated])
    _moves(hub, gathered[Moved])


def _by_user(events: Iterable[Any]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for event in events:
        grouped[event.user].append(event)
    return grouped


def _orders(exchange: Exchange, hub: Hub, events: Iterable[OrderChanged]) -> None:
    for user, changes in _by_user(events).items():
        updates = Subscription("orderUpdates", user=user)
        if hub.is_wanted(updates):
            hub.publish(updates, "orderUpdates", [_update(exchange, change) for change in changes])
        cancels = [change for change in changes if change.status in _VENUE_CANCELS]
        if cancels:
            told = [{"coin": exchange.assets()[c.order.asset].name, "oid": c.order.oid} for c in cancels]
            hub.publish(Subscription("userEvents", user=user), "user", {"nonUserCancel": told})


def _update(exchange: Exchange, change: OrderChanged) -> dict[str, Any]:
    now = exchange.order_view(change.order)
    left = exchange.assets()[change.order.asset].size(change.left)
    return spell.order_update(replace(now, sz=left, status=change.status, status_timestamp=change.at))


def _fills(exchange: Exchange, hub: Hub, events: Iterable[Fill]) -> None:
    for user, fills in _by_user(events).items():
        plain, merged = (
            Subscription("userFills", user=user),
            Subscription("userFills", user=user, merged=True),
        )
        happened = Subscription("userEvents", user=user)
        if not any(map(hub.is_wanted, (plain, merged, happened))):
            continue
        views = [exchange.fill_view(fill) for fill in fills]
        hub.publish(plain, "userFills", {"user": user, "fills": _spelt(views)})
        hub.publish(merged, "userFills", {"user": user, "fills": _spelt(merge.by_time(views))})
        hub.publish(happened, "user", {"fills": _spelt(views)})


def _spelt(views: Iterable[FillView]) -> list[dict[str, Any]]:
    return [spell.fill(view) for view in views]


def _trades(exchange: Exchange, hub: Hub, events: Iterable[Trade]) -> None:
    by_asset: dict[int, list[Trade]] = defaultdict(list)
    for event in events:
        by_asset[event.asset].append(event)
    for asset, trades in by_asset.items():
        subscription = Subscription("trades", coin=exchange.assets()[asset].name)
        if hub.is_wanted(subscription):
            views: list[TradeView] = exchange.trades(asset, len(trades))[::-1]
            hub.publish(subscription, "trades", [spell.trade(view) for view in views])


def _fundings(exchange: Exchange, hub: Hub, events: Iterable[FundingPaid]) -> None:
    for user, paid in _by_user(events).items():
        told = [spell.funding(_funding_view(exchange, event)) for event in paid]
        hub.publish(Subscription("userFundings", user=user), "userFundings", {"user": user, "fundings": told})
        for one in told:
            hub.publish(Subscription("userEvents", user=user), "user", {"funding": one})


def _funding_view(exchange: Exchange, event: FundingPaid) -> FundingView:
    asset = exchange.assets()[event.asset]
    rate = dollars(event.rate).scaleb(-4)  # units of 1e-10
    return FundingView(
        time=event.at, coin=asset.name, usd=dollars(event.usd), szi=asset.size(event.szi), rate=rate, hash=""
    )


def _liquidations(hub: Hub, events: Iterable[Liquidated]) -> None:
    for event in events:
        told = {
            "lid": event.at,
            "liquidator": "0x" + "0" * 40,
            "liquidated_user": event.user,
            "liquidated_ntl_pos": "0.0",
            "liquidated_account_value": spell.number(dollars(event.account_value)),
        }
        hub.publish(Subscription("userEvents", user=event.user), "user", {"liquidation": told})


def _moves(hub: Hub, events: Iterable[Moved]) -> None:
    for user, moves in _by_user(events).items():
        told = [spell.ledger_update(move.at, move.kind, dollars(move.usd), move.other) for move in moves]
        hub.publish(
            Subscription("userNonFundingLedgerUpdates", user=user),
            "userNonFundingLedgerUpdates",
            {"user": user, "nonFundingLedgerUpdates": told},
        )
