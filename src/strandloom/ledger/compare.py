"""The books against the venue's word: what is missing, what differs, and what stays unexplained."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from strandloom.kinds.fill import Fill, FundingPaid
from strandloom.kinds.reconciliation import Difference
from strandloom.ledger.books import Books, Stock
from strandloom.ledger.entry import ZERO, Transaction
from strandloom.ledger.journal import fill_transaction, funding_transaction

Name = tuple[str, str, datetime, int]  # what, symbol, at, tid


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the venue says of its account, and of a stretch of its past."""

    cash_usd: Decimal  # settled: without what open positions gained since they were opened
    flows_usd: Decimal
    held: Mapping[str, Stock]
    fills: Sequence[Fill]
    fundings: Sequence[FundingPaid]

    @property
    def newest(self) -> datetime | None:
        times = [*(fill.at for fill in self.fills), *(paid.at for paid in self.fundings)]
        return max(times, default=None)

    def transactions(self) -> list[Transaction]:
        return [*map(fill_transaction, self.fills), *map(funding_transaction, self.fundings)]


def name_of(transaction: Transaction) -> Name:
    """What a transaction is called among those of its venue."""
    return transaction.what, transaction.symbol, transaction.at, transaction.tid


def missing(told: Told, booked: Collection[Name]) -> list[Transaction]:
    """What the venue tells of and the books do not know, oldest first."""
    found = [one for one in told.transactions() if name_of(one) not in booked]
    return sorted(found, key=lambda one: (one.at, one.what, one.symbol, one.tid))


def unheard_of(told: Told, booked: Iterable[Name]) -> list[Difference]:
    """What the books have of that stretch and the venue does not tell of."""
    known = {name_of(one) for one in told.transactions()}
    extra = sorted(name for name in booked if name[0] in ("fill", "funding") and name not in known)
    return [
        Difference(
            what="fill" if what == "fill" else "funding",
            symbol=symbol,
            books=Decimal(1),
            venue=ZERO,
            unit="times",
            why=f"the venue knows no {what} of {at:%Y-%m-%d %H:%M:%S} UTC with the number {tid}",
        )
        for what, symbol, at, tid in extra
    ]


def differences(books: Books, told: Told, threshold_usd: Decimal) -> list[Difference]:
    """Positions to the last unit, their cost and the cash to the threshold."""
    ours, found = books.held, []
    for symbol in sorted({*ours, *told.held}):
        mine, theirs = ours.get(symbol, Stock()), told.held.get(symbol, Stock())
        if mine.quantity != theirs.quantity:
            found.append(_differs("held", symbol, mine.quantity, theirs.quantity))
        elif abs(mine.cost_usd - theirs.cost_usd) > threshold_usd:
            found.append(_differs("cost", symbol, mine.cost_usd, theirs.cost_usd))
    if abs(books.settled_usd - told.cash_usd) > threshold_usd:
        found.append(_differs("cash", None, books.settled_usd, told.cash_usd))
    return found


def unexplained(found: Sequence[Difference], suspects: Sequence[str]) -> tuple[str, ...]:
    """The symbols that differ; where only the cash does, every one that could be behind it."""
    named = {one.symbol for one in found if one.symbol is not None}
    return tuple(sorted(named if named or not found else suspects))


def _differs(what: str, symbol: str | None, books: Decimal, venue: Decimal) -> Difference:
    unit = "units" if what == "held" else "USD"
    return Difference(what=what, symbol=symbol, books=books, venue=venue, unit=unit)  # type: ignore[arg-type]
