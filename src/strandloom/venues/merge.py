"""Several accounts seen as one: sums, and positions netted per symbol.  Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from strandloom.kinds.fill import FundingPaid
from strandloom.kinds.instrument import Instrument
from strandloom.venues.port import Balance, Position


def instrument(parts: Sequence[Instrument]) -> Instrument:
    """What is good everywhere."""
    return Instrument(
        symbol=parts[0].symbol,
        lot=max(one.lot for one in parts),
        smallest_usd=max(one.smallest_usd for one in parts),
        max_leverage=min(one.max_leverage for one in parts),
    )


def balance(parts: Sequence[Balance]) -> Balance:
    """The sum of all accounts."""
    by_symbol: dict[str, list[Position]] = defaultdict(list)
    for part in parts:
        for position in part.positions:
            by_symbol[position.symbol].append(position)
    return Balance(
        equity_usd=sum((part.equity_usd for part in parts), Decimal(0)),
        cash_usd=sum((part.cash_usd for part in parts), Decimal(0)),
        flows_usd=sum((part.flows_usd for part in parts), Decimal(0)),
        positions=tuple(netted for held in by_symbol.values() if (netted := _netted(held)) is not None),
        open_orders=sum(part.open_orders for part in parts),
    )


def fundings(venue: str, paid: Iterable[FundingPaid]) -> list[FundingPaid]:
    """One payment per symbol and hour, as one account would have had it."""
    sums: dict[tuple[datetime, str], FundingPaid] = {}
    for one in paid:
        key = one.at, one.symbol
        before = sums.get(key)
        sums[key] = replace(one, venue=venue, usd=one.usd + (before.usd if before else 0))
    return [sums[key] for key in sorted(sums)]


def _netted(held: Sequence[Position]) -> Position | None:
    """None where they cancel out."""
    quantity = sum((p.quantity for p in held), Decimal(0))
    if not quantity:
        return None
    cost = sum((p.quantity * p.entry_price for p in held), Decimal(0))
    return Position(
        symbol=held[0].symbol,
        quantity=quantity,
        entry_price=cost / quantity,
        mark=held[0].mark,
        unrealised_usd=sum((p.unrealised_usd for p in held), Decimal(0)),
    )
