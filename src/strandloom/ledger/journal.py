"""What happened at a venue as transactions of the books, and those as writes: pure, the same for ever."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from strandloom.blackboard.strand import Write
from strandloom.kinds.fill import Fill, FundingPaid
from strandloom.ledger.books import Stock
from strandloom.ledger.entry import CAPITAL, CARRIED, CASH, ZERO, Entry, Source, Transaction, What
from strandloom.ledger.tables import booked


def of_fill(fill: Fill, source: Source = "trade") -> Write:
    """One execution; who books it how often changes nothing."""
    return booked(fill_transaction(fill), source)


def of_funding(paid: FundingPaid, source: Source = "trade") -> Write:
    """Funding of one symbol at one hour."""
    return booked(funding_transaction(paid), source)


def of_flow(venue: str, usd: Decimal, at: datetime, tid: int, source: Source = "trade") -> Write:
    """A deposit or a withdrawal."""
    return booked(flow(venue, usd, at, tid), source)


def opening(
    venue: str, at: datetime, flows_usd: Decimal, cash_usd: Decimal, held: Mapping[str, Stock]
) -> Transaction:
    """What the account already was when its books began; `cash_usd` counts positions at cost."""
    cost = sum((stock.cost_usd for stock in held.values()), ZERO)
    entries = (
        Entry(account=CASH, usd=cash_usd - cost),
        *(
            Entry(account=f"position:{symbol}", usd=stock.cost_usd, quantity=stock.quantity)
            for symbol, stock in sorted(held.items())
        ),
        Entry(account=CAPITAL, usd=-flows_usd),
        Entry(account=CARRIED, usd=flows_usd - cash_usd),
    )
    return _transaction(venue, "opening", "", at, 0, entries)


def flow(venue: str, usd: Decimal, at: datetime, tid: int) -> Transaction:
    """A deposit, or below zero a withdrawal."""
    entries = (Entry(account=CASH, usd=usd), Entry(account=CAPITAL, usd=-usd))
    return _transaction(venue, "flow", "", at, tid, entries)


def fill_transaction(fill: Fill) -> Transaction:
    """Buying swaps cash for a position at cost; selling swaps it back, and the difference is realised."""
    signed = fill.quantity if fill.side == "buy" else -fill.quantity
    paid = signed * fill.price
    entries = (
        Entry(account=CASH, usd=-paid - fill.fee_usd),
        Entry(account=f"position:{fill.symbol}", usd=paid + fill.closed_pnl_usd, quantity=signed),
        Entry(account=f"realised:{fill.symbol}", usd=-fill.closed_pnl_usd),
        Entry(account=f"fees:{fill.symbol}", usd=fill.fee_usd),
    )
    details: dict[str, object] = {
        "cloid": fill.cloid,
        "oid": fill.oid,
        "side": fill.side,
        "price": str(fill.price),
        "quantity": str(fill.quantity),
        "maker": fill.maker,
        "liquidation": fill.liquidation,
        "ambiguous": fill.ambiguous,
    }
    return _transaction(fill.venue, "fill", fill.symbol, fill.at, fill.tid, entries, details)


def funding_transaction(paid: FundingPaid) -> Transaction:
    """Received funding is income, paid funding is income below zero."""
    entries = (
        Entry(account=CASH, usd=paid.usd),
        Entry(account=f"funding:{paid.symbol}", usd=-paid.usd),
    )
    return _transaction(paid.venue, "funding", paid.symbol, paid.at, 0, entries, {"rate": str(paid.rate)})


def _transaction(
    venue: str,
    what: What,
    symbol: str,
    at: datetime,
    tid: int,
    entries: Sequence[Entry],
    details: dict[str, object] | None = None,
) -> Transaction:
    moving = tuple([entry for entry in entries if entry.usd or entry.quantity])
    return Transaction(
        venue=venue, what=what, symbol=symbol, at=at, tid=tid, entries=moving, details=details or {}
    )
