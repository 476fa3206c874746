"""Several accounts seen as one: sums, and positions netted per symbol.  Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

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


def marked(part: Balance, marks: Mapping[str, Decimal]) -> Balance:
    """The same account at other marks."""
    positions = tuple(_at(position, marks.get(position.symbol, position.mark)) for position in part.positions)
    unrealised = sum((position.unrealised_usd for position in positions), Decimal(0))
    return replace(part, equity_usd=part.cash_usd + unrealised, positions=positions)


def _at(position: Position, mark: Decimal) -> Position:
    gained = position.quantity * (mark - position.mark)
    return replace(position, mark=mark, unrealised_usd=position.unrealised_usd + gained)


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
