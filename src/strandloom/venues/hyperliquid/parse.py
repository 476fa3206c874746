"""What the venue answers, as the port's values.  A missing field is an error here, not a guess later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from strandloom.basics.ids import from_unix_ms
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.plan import Side
from strandloom.venues.port import Balance, Position

Wire = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where an order stands, as `orderStatus` says it."""

    symbol: str
    oid: int
    cloid: str | None
    status: str
    left: Decimal
    asked: Decimal
    reduce_only: bool
    placed_ms: int
    changed_ms: int


def stand(told: Wire) -> Stand:
    """`{order, status, statusTimestamp}`, of a question or of the channel of updates."""
    order = told["order"]
    return Stand(
        symbol=order["coin"],
        oid=order["oid"],
        cloid=order.get("cloid"),
        status=told["status"],
        left=Decimal(order["sz"]),
        asked=Decimal(order["origSz"]),
        reduce_only=bool(order.get("reduceOnly")),
        placed_ms=order["timestamp"],
        changed_ms=told["statusTimestamp"],
    )


def fill(venue: str, told: Wire) -> Fill:
    """One execution."""
    return Fill(
        venue=venue,
        symbol=told["coin"],
        tid=told["tid"],
        oid=told["oid"],
        cloid=told.get("cloid"),
        side=side(told["side"]),
        price=Decimal(told["px"]),
        quantity=Decimal(told["sz"]),
        fee_usd=Decimal(told["fee"]),
        closed_pnl_usd=Decimal(told["closedPnl"]),
        at=from_unix_ms(told["time"]),
        maker=not told["crossed"],
        liquidation=told.get("liquidation") is not None,
    )


def funding(venue: str, told: Wire) -> FundingPaid:
    """One payment, of `userFunding` or of the channel, which has no `delta` around it."""
    delta = told.get("delta", told)
    return FundingPaid(
        venue=venue,
        symbol=delta["coin"],
        usd=Decimal(delta["usdc"]),
        rate=Decimal(delta["fundingRate"]),
        at=from_unix_ms(told["time"]),
    )


def open_orders(venue: str, told: Iterable[Wire]) -> tuple[OpenOrder, ...]:
    """`frontendOpenOrders`, oldest first; children stand in it twice and are taken once."""
    by_oid = {one["oid"]: one for one in told}
    return tuple(_open_order(venue, by_oid[oid]) for oid in sorted(by_oid))


def _open_order(venue: str, told: Wire) -> OpenOrder:
    return OpenOrder(
        venue=venue,
        symbol=told["coin"],
        oid=told["oid"],
        cloid=told.get("cloid"),
        side=side(told["side"]),
        price=Decimal(told["limitPx"]),
        quantity=Decimal(told["sz"]),
        trigger=Decimal(told["triggerPx"]) if told["isTrigger"] else None,
        reduce_only=bool(told["reduceOnly"]),
        at=from_unix_ms(told["timestamp"]),
    )


def balance(state: Wire, flows_usd: Decimal, open_orders: int) -> Balance:
    """`clearinghouseState`."""
    positions = tuple(position(one["position"]) for one in state["assetPositions"])
    equity = Decimal(state["marginSummary"]["accountValue"])
    return Balance(
        equity_usd=equity,
        cash_usd=equity - sum((p.unrealised_usd for p in positions), Decimal(0)),
        flows_usd=flows_usd,
        positions=positions,
        open_orders=open_orders,
    )


def position(told: Wire) -> Position:
    """One position; its mark is what its value says."""
    quantity = Decimal(told["szi"])
    return Position(
        symbol=told["coin"],
        quantity=quantity,
        entry_price=Decimal(told["entryPx"]),
        mark=Decimal(told["positionValue"]) / abs(quantity),
        unrealised_usd=Decimal(told["unrealizedPnl"]),
    )


def side(wire: str) -> Side:
    """`B`id or `A`sk."""
    return "buy" if wire == "B" else "sell"
