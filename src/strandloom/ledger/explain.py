"""What explains a difference: the transactions that the books lack, and how the books of an account begin."""

from datetime import datetime

from strandloom.basics.ids import unix_ms
from strandloom.ledger import compare, journal
from strandloom.ledger.books import Books, Stock
from strandloom.ledger.compare import Told
from strandloom.ledger.entry import Transaction


def explained(
    venue: str,
    books: Books,
    told: Told,
    known: set[compare.Name],
    now: datetime,
    *,
    opens_at: datetime | None = None,
) -> list[Transaction]:
    """Everything that is to be booked: what was missed, then the opening, or deposits and withdrawals.

    An opening stands before everything that `told` tells one by one.
    """
    missed = compare.missing(told, known)
    books = books.after(missed)
    rest = beginning(venue, books, told, opens_at) if opens_at else flowed(venue, books, told, now)
    return [*missed, *rest]


def beginning(venue: str, books: Books, told: Told, at: datetime) -> list[Transaction]:
    """What the account was before all that is booked of it."""
    held = {}
    for symbol in {*books.held, *told.held}:
        ours, theirs = books.held.get(symbol, Stock()), told.held.get(symbol, Stock())
        quantity = theirs.quantity - ours.quantity
        if quantity:
            held[symbol] = Stock(quantity=quantity, cost_usd=theirs.cost_usd - ours.cost_usd)
    flows, cash = told.flows_usd - books.flows_usd, told.cash_usd - books.settled_usd
    return [journal.opening(venue, at, flows, cash, held)]


def flowed(venue: str, books: Books, told: Told, at: datetime) -> list[Transaction]:
    """Deposits and withdrawals that the venue counts and the books do not."""
    usd = told.flows_usd - books.flows_usd
    return [journal.flow(venue, usd, at, unix_ms(at))] if usd else []
