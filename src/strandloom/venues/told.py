"""What the exchange in this process says, as the port's values."""

from collections.abc import Iterable
from decimal import Decimal

from strandloom.basics.ids import from_unix_ms
from strandloom.exchange.views import AccountView, FillView, FundingView, OrderView, PositionView
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.plan import Side
from strandloom.venues.port import Balance, Position, Report
from strandloom.venues.tally import Filled
from strandloom.venues.words import state_of


def report(view: OrderView, filled: Filled) -> Report:
    """Where an order stands."""
    return Report(
        state=state_of(view.status, filled.quantity),
        filled=filled.quantity,
        average_price=filled.average_price,
        fee_usd=filled.fee_usd,
        oid=view.oid,
        why="" if view.status in ("open", "filled") else view.status,
        ambiguous=filled.ambiguous,
    )


def fill(venue: str, view: FillView) -> Fill:
    """One execution."""
    return Fill(
        venue=venue,
        symbol=view.coin,
        tid=view.tid,
        oid=view.oid,
        cloid=view.cloid,
        side=_side(view.side),
        price=view.px,
        quantity=view.sz,
        fee_usd=view.fee,
        closed_pnl_usd=view.closed_pnl,
        at=from_unix_ms(view.time),
        maker=not view.crossed,
        liquidation=view.liquidated_user is not None,
        ambiguous=view.ambiguous,
    )


def funding(venue: str, view: FundingView) -> FundingPaid:
    """One hour's payment."""
    at = from_unix_ms(view.time)
    return FundingPaid(venue=venue, symbol=view.coin, usd=view.usd, rate=view.rate, at=at)


def open_order(venue: str, view: OrderView) -> OpenOrder:
    """An order that rests or waits."""
    return OpenOrder(
        venue=venue,
        symbol=view.coin,
        oid=view.oid,
        cloid=view.cloid,
        side=_side(view.side),
        price=view.limit_px,
        quantity=view.sz,
        trigger=view.trigger_px if view.is_trigger else None,
        reduce_only=view.reduce_only,
        at=from_unix_ms(view.timestamp),
    )


def balance(view: AccountView, flows_usd: Decimal, open_orders: int) -> Balance:
    """The account at the present marks."""
    positions = tuple(map(_position, view.positions))
    equity = view.margin.account_value
    return Balance(
        equity_usd=equity,
        cash_usd=equity - sum((p.unrealised_usd for p in positions), Decimal(0)),
        flows_usd=flows_usd,
        positions=positions,
        open_orders=open_orders,
    )


def oldest_first(orders: Iterable[OpenOrder]) -> tuple[OpenOrder, ...]:
    """In the order in which they were placed."""
    return tuple(sorted(orders, key=lambda order: order.oid))


def _position(view: PositionView) -> Position:
    return Position(
        symbol=view.coin,
        quantity=view.szi,
        entry_price=view.entry_px,
        mark=view.position_value / abs(view.szi),
        unrealised_usd=view.unrealized_pnl,
    )


def _side(wire: str) -> Side:
    return "buy" if wire == "B" else "sell"
