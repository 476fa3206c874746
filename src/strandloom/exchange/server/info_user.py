"""Questions to /info about one account.  Unknown accounts have empty answers, agents too."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from strandloom.exchange.asset import dollars
from strandloom.exchange.port import Exchange
from strandloom.exchange.server import merge, spell
from strandloom.exchange.server.asked import Asked
from strandloom.exchange.server.info_market import asset_of

_HISTORY: Final = 2_000


def _state(exchange: Exchange, asked: Asked) -> Any:
    return spell.account(exchange.account(asked.user()))


def _spot_state(_exchange: Exchange, asked: Asked) -> Any:
    asked.user()
    return {"balances": []}


def _open_orders(exchange: Exchange, asked: Asked) -> Any:
    orders = exchange.open_orders(asked.user())
    return [spell.open_order(view) for view in orders] if asked.own_dex() else []


def _frontend_open_orders(exchange: Exchange, asked: Asked) -> Any:
    orders = exchange.open_orders(asked.user())
    return [spell.frontend_order(view) for view in orders] if asked.own_dex() else []


def _order_status(exchange: Exchange, asked: Asked) -> Any:
    view = exchange.order(asked.user(), asked.order_ref())
    if view is None:
        return {"status": "unknownOid"}
    return {"status": "order", "order": spell.order_with_status(view)}


def _history(exchange: Exchange, asked: Asked) -> Any:
    orders = exchange.finished_orders(asked.user())[:_HISTORY]
    return [spell.order_with_status(view) for view in orders]


def _fills(exchange: Exchange, asked: Asked) -> Any:
    if asked.flag("aggregateByTime"):
        # the venue merges first and cuts afterwards
        fills = merge.by_time(exchange.fills(asked.user(), 10_000))[:_HISTORY]
    else:
        fills = exchange.fills(asked.user(), _HISTORY)
    return [spell.fill(view) for view in fills]


def _fills_by_time(exchange: Exchange, asked: Asked) -> Any:
    user, start, end = asked.user(), asked.number("startTime"), asked.number_or_none("endTime")
    backwards = asked.flag("reversed")
    found = exchange.fills_between(user, start, end, 10_000)
    if asked.flag("aggregateByTime"):
        found = merge.by_time(found)
    page = found[: -_HISTORY - 1 : -1] if backwards else found[:_HISTORY]
    return [spell.fill(view) for view in page]


def _fundings(exchange: Exchange, asked: Asked) -> Any:
    user, start, end = asked.user(), asked.number("startTime"), asked.number_or_none("endTime")
    return [spell.funding_delta(view) for view in exchange.fundings(user, start, end)]


def _ledger(exchange: Exchange, asked: Asked) -> Any:
    user, start, end = asked.user(), asked.number("startTime"), asked.number_or_none("endTime")
    moves = exchange.moves(user, start, end)
    return [spell.ledger_update(move.at, move.kind, dollars(move.usd), move.other) for move in moves]


def _fees(exchange: Exchange, asked: Asked) -> Any:
    fees = exchange.fees(asked.user())
    taker, maker = spell.number(fees.taker), spell.number(fees.maker)
    none = {"tiers": {"vip": [], "mm": []}, "referralDiscount": "0.0", "stakingDiscountTiers": []}
    return {
        "dailyUserVlm": [],
        "feeSchedule": {"cross": taker, "add": maker, "spotCross": taker, "spotAdd": maker, **none},
        "userCrossRate": taker,
        "userAddRate": maker,
        "userSpotCrossRate": taker,
        "userSpotAddRate": maker,
        "activeReferralDiscount": "0.0",
        "trial": None,
        "feeTrialReward": "0.0",
        "nextTrialAvailableTimestamp": None,
    }


def _role(exchange: Exchange, asked: Asked) -> Any:
    user = asked.user()
    master = exchange.master(user)
    if master is not None:
        return {"role": "agent", "data": {"user": master}}
    return {"role": "user" if exchange.knows(user) else "missing"}


def agents(exchange: Exchange, asked: Asked) -> list[dict[str, Any]]:
    """`extraAgents`, their ends in market time."""
    return [
        {"name": name, "address": address, "validUntil": valid_until}
        for address, name, valid_until in exchange.agents(asked.user())
        if name  # the venue leaves the unnamed one out
    ]


def _sub_accounts(_exchange: Exchange, asked: Asked) -> Any:
    asked.user()


def _abstraction(_exchange: Exchange, asked: Asked) -> Any:
    asked.user()
    return "default"


def active_asset(exchange: Exchange, user: str, coin: str) -> dict[str, Any]:
    """`activeAssetData`: the leverage of an account in a coin, and how much it could trade."""
    asset = asset_of(exchange, coin)
    is_cross, leverage = exchange.leverage(user, asset)
    mark = exchange.context(asset).mark_px
    free = max(Decimal(0), exchange.account(user).withdrawable)
    size = (free * leverage / mark).quantize(Decimal("0.00000001")) if mark else Decimal(0)
    return {
        "user": user,
        "coin": coin,
        "leverage": {"type": "cross" if is_cross else "isolated", "value": leverage},
        "maxTradeSzs": [spell.number(size)] * 2,
        "availableToTrade": [spell.number(free)] * 2,
        "markPx": spell.number(mark),
    }


ANSWERS: Final[Mapping[str, Callable[[Exchange, Asked], Any]]] = {
    "clearinghouseState": _state,
    "spotClearinghouseState": _spot_state,
    "openOrders": _open_orders,
    "frontendOpenOrders": _frontend_open_orders,
    "orderStatus": _order_status,
    "historicalOrders": _history,
    "userFills": _fills,
    "userFillsByTime": _fills_by_time,
    "userFunding": _fundings,
    "userNonFundingLedgerUpdates": _ledger,
    "userFees": _fees,
    "userRole": _role,
    "subAccounts": _sub_accounts,
    "userAbstraction": _abstraction,
    "activeAssetData": lambda exchange, asked: active_asset(exchange, asked.user(), asked.text("coin")),
}
