"""The engine's views in the words of the wire."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from strandloom.exchange.views import (
    AccountView,
    CandleView,
    ContextView,
    FillView,
    FundingView,
    LevelView,
    OrderView,
    PositionView,
    RateView,
    SummaryView,
    TradeView,
)
from strandloom.hyperliquid.numbers import MAX_DECIMALS, pointed

Wire = dict[str, Any]
_FINEST = Decimal(1).scaleb(-MAX_DECIMALS)


def number(value: Decimal) -> str:
    """A number with a point, and at most eight decimals."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MAX_DECIMALS:
        value = value.quantize(_FINEST)
    return pointed(value)


def _maybe(value: Decimal | None) -> str | None:
    return None if value is None else number(value)


def level(view: LevelView) -> Wire:
    return {"px": number(view.px), "sz": number(view.sz), "n": view.n}


def levels(views: Iterable[LevelView]) -> list[Wire]:
    return [level(view) for view in views]


def candle(view: CandleView) -> Wire:
    return {
        "t": view.start,
        "T": view.end,
        "s": view.coin,
        "i": view.interval,
        "o": number(view.open),
        "c": number(view.close),
        "h": number(view.high),
        "l": number(view.low),
        "v": number(view.volume),
        "n": view.trades,
    }


def trade(view: TradeView) -> Wire:
    return {
        "coin": view.coin,
        "side": view.side,
        "px": number(view.px),
        "sz": number(view.sz),
        "time": view.time,
        "hash": view.hash,
        "tid": view.tid,
        "users": [view.buyer, view.seller],
    }


def context(view: ContextView) -> Wire:
    impact = view.impact_bid, view.impact_ask
    return {
        "funding": number(view.funding),
        "openInterest": number(view.open_interest),
        "prevDayPx": number(view.prev_day_px),
        "dayNtlVlm": number(view.day_ntl_volume),
        "premium": _maybe(view.premium),
        "oraclePx": number(view.oracle_px),
        "markPx": number(view.mark_px),
        "midPx": _maybe(view.mid_px),
        "impactPxs": None if None in impact else [_maybe(px) for px in impact],
        "dayBaseVlm": number(view.day_base_volume),
    }


def open_order(view: OrderView) -> Wire:
    """As `openOrders` and `orderUpdates` show it: nothing about triggers."""
    wire: Wire = {
        "coin": view.coin,
        "side": view.side,
        "limitPx": number(view.limit_px),
        "sz": number(view.sz),
        "oid": view.oid,
        "timestamp": view.timestamp,
        "origSz": number(view.orig_sz),
    }
    if view.cloid is not None:
        wire["cloid"] = view.cloid
    if view.reduce_only:
        wire["reduceOnly"] = True
    return wire


def frontend_order(view: OrderView) -> Wire:
    return {
        "coin": view.coin,
        "side": view.side,
        "limitPx": number(view.limit_px),
        "sz": number(view.sz),
        "oid": view.oid,
        "timestamp": view.timestamp,
        "triggerCondition": view.trigger_condition,
        "isTrigger": view.is_trigger,
        "triggerPx": number(view.trigger_px),
        "children": [frontend_order(child) for child in view.children],
        "isPositionTpsl": view.is_position_tpsl,
        "reduceOnly": view.reduce_only,
        "orderType": view.order_type,
        "origSz": number(view.orig_sz),
        "tif": view.tif,
        "cloid": view.cloid,
    }


def order_with_status(view: OrderView) -> Wire:
    return {
        "order": frontend_order(view),
        "status": view.status,
        "statusTimestamp": view.status_timestamp,
    }


def order_update(view: OrderView) -> Wire:
    return {"order": open_order(view), "status": view.status, "statusTimestamp": view.status_timestamp}


def fill(view: FillView) -> Wire:
    wire: Wire = {
        "coin": view.coin,
        "px": number(view.px),
        "sz": number(view.sz),
        "side": view.side,
        "time": view.time,
        "startPosition": number(view.start_position),
        "dir": view.dir,
        "closedPnl": number(view.closed_pnl),
        "hash": view.hash,
        "oid": view.oid,
        "crossed": view.crossed,
        "fee": number(view.fee),
        "tid": view.tid,
        "feeToken": "USDC",
        "twapId": None,
    }
    if view.cloid is not None:
        wire["cloid"] = view.cloid
    if view.liquidated_user is not None and view.liquidation_mark is not None:
        wire["liquidation"] = {
            "liquidatedUser": view.liquidated_user,
            "markPx": number(view.liquidation_mark),
            "method": view.liquidation_method,
        }
    return wire


def funding(view: FundingView) -> Wire:
    """One payment as `userFundings` streams it."""
    return {
        "time": view.time,
        "coin": view.coin,
        "usdc": number(view.usd),
        "szi": number(view.szi),
        "fundingRate": number(view.rate),
        "nSamples": None,
    }


def funding_delta(view: FundingView) -> Wire:
    """One payment as `userFunding` answers it."""
    streamed = funding(view)
    return {"time": streamed.pop("time"), "hash": view.hash, "delta": {"type": "funding", **streamed}}


def rate(view: RateView) -> Wire:
    return {
        "coin": view.coin,
        "fundingRate": number(view.rate),
        "premium": number(view.premium),
        "time": view.time,
    }


def position(view: PositionView) -> Wire:
    leverage: Wire = {"type": "cross" if view.is_cross else "isolated", "value": view.leverage}
    if view.raw_usd is not None:
        leverage["rawUsd"] = number(view.raw_usd)
    return {
        "coin": view.coin,
        "szi": number(view.szi),
        "leverage": leverage,
        "entryPx": number(view.entry_px),
        "positionValue": number(view.position_value),
        "unrealizedPnl": number(view.unrealized_pnl),
        "returnOnEquity": number(view.return_on_equity),
        "liquidationPx": _maybe(view.liquidation_px),
        "marginUsed": number(view.margin_used),
        "maxLeverage": view.max_leverage,
        "cumFunding": {
            "allTime": number(view.funding_all_time),
            "sinceOpen": number(view.funding_since_open),
            "sinceChange": number(view.funding_since_change),
        },
    }


def account(view: AccountView) -> Wire:
    """`clearinghouseState`."""
    return {
        "marginSummary": summary(view.margin),
        "crossMarginSummary": summary(view.cross),
        "crossMaintenanceMarginUsed": number(view.cross_maintenance),
        "withdrawable": number(view.withdrawable),
        "assetPositions": [{"type": "oneWay", "position": position(held)} for held in view.positions],
        "time": view.time,
    }


def summary(view: SummaryView) -> Wire:
    return {
        "accountValue": number(view.account_value),
        "totalNtlPos": number(view.total_ntl_pos),
        "totalRawUsd": number(view.total_raw_usd),
        "totalMarginUsed": number(view.total_margin_used),
    }


def ledger_update(at: int, kind: str, usd: Decimal, other: str | None) -> Wire:
    """Money in or out, other than by trading and funding."""
    delta: Wire = {"type": kind, "usdc": number(usd)}
    if other is not None:
        delta["destination" if usd < 0 else "user"] = other
    return {"time": at, "hash": "0x" + f"{at:064x}", "delta": delta}
