"""What the exchange in this process knows, as the port's values."""

from collections.abc import Iterable
from decimal import Decimal

from strandloom.basics.ids import from_unix_ms
from strandloom.exchange import margin
from strandloom.exchange.account import Account, Stake
from strandloom.exchange.asset import Asset, dollars
from strandloom.exchange.events import Fill as Traded
from strandloom.exchange.events import FundingPaid as Paid
from strandloom.exchange.market import Market
from strandloom.exchange.order import Order
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.plan import Side
from strandloom.venues.port import Balance, Position, Report
from strandloom.venues.tally import Filled
from strandloom.venues.words import state_of

_RATE = -10  # decimals of a rate


def report(order: Order, filled: Filled) -> Report:
    """Where an order stands."""
    return Report(
        state=state_of(order.status, filled.quantity),
        filled=filled.quantity,
        average_price=filled.average_price,
        fee_usd=filled.fee_usd,
        oid=order.oid,
        why="" if order.status in ("open", "filled") else order.status,
        ambiguous=filled.ambiguous,
    )


def fill(venue: str, asset: Asset, traded: Traded) -> Fill:
    """One execution."""
    return Fill(
        venue=venue,
        symbol=asset.name,
        tid=traded.tid,
        oid=traded.oid,
        cloid=traded.cloid,
        side=_side(traded.is_buy),
        price=asset.price(traded.px),
        quantity=asset.size(traded.sz),
        fee_usd=dollars(traded.fee),
        closed_pnl_usd=dollars(traded.closed_pnl),
        at=from_unix_ms(traded.at),
        maker=not traded.crossed,
        liquidation=traded.liquidation is not None,
        ambiguous=traded.ambiguous,
    )


def funding(venue: str, asset: Asset, paid: Paid) -> FundingPaid:
    """One hour's payment."""
    usd, rate = dollars(paid.usd), Decimal(paid.rate).scaleb(_RATE)
    return FundingPaid(venue=venue, symbol=asset.name, usd=usd, rate=rate, at=from_unix_ms(paid.at))


def open_order(venue: str, asset: Asset, order: Order) -> OpenOrder:
    """An order that rests or waits."""
    return OpenOrder(
        venue=venue,
        symbol=asset.name,
        oid=order.oid,
        cloid=order.cloid,
        side=_side(order.is_buy),
        price=asset.price(order.px),
        quantity=asset.size(order.left),
        trigger=asset.price(order.trigger_px) if order.is_trigger else None,
        reduce_only=order.reduce_only,
        at=from_unix_ms(order.at),
    )


def balance(account: Account, markets: list[Market], flows_usd: Decimal) -> Balance:
    """The account at the present marks."""
    positions = tuple([_position(s, markets[s.asset]) for s in account.stakes.values() if s.szi])
    equity = dollars(margin.account_value(account, markets))
    return Balance(
        equity_usd=equity,
        cash_usd=equity - sum([p.unrealised_usd for p in positions]),
        flows_usd=flows_usd,
        positions=positions,
        open_orders=len(account.live),
    )


def oldest_first(orders: Iterable[OpenOrder]) -> tuple[OpenOrder, ...]:
    """In the order in which they were placed."""
    return tuple(sorted(orders, key=lambda order: order.oid))


def _position(stake: Stake, market: Market) -> Position:
    asset = market.asset
    return Position(
        symbol=asset.name,
        quantity=asset.size(stake.szi),
        entry_price=asset.price(stake.entry_px),
        mark=asset.price(market.mark),
        unrealised_usd=dollars(stake.szi * market.mark - stake.cost),
    )


def _side(buys: bool) -> Side:
    return "buy" if buys else "sell"
