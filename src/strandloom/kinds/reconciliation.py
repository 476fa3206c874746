"""`reconciliation`: our books held against what the venue says, to the cent.

Posted by trader.reconciler when the service starts, on the job `reconcile` and on `strandloom reconcile`;
read by people and by CIL.  Symbols that it cannot explain take no new exposure until a later one does.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from strandloom.kinds.registry import Body, kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One number on which books and venue do not agree."""

    what: Literal["cash", "held", "cost", "fill", "funding"]
    symbol: str | None  # None: of the whole account
    books: Decimal
    venue: Decimal
    unit: Literal["USD", "units", "times"]
    why: str = ""


@kind(
    "reconciliation",
    posted_by="trader.reconciler",
    read_by="people, cil",
    tags=("trader:reconciliation", "cil:reconciliation"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation(Body):
    """What was found, what was booked to explain it, and what stays unexplained."""

    venue: str
    as_of: datetime  # the newest that the venue told; market time
    agrees: bool
    opened: bool  # the books of this venue begin here
    threshold_usd: Decimal
    drift_usd: Decimal  # venue's cash less ours, after everything was booked
    books_cash_usd: Decimal  # settled: deposits and what was earned, positions at cost
    venue_cash_usd: Decimal
    booked_fills: int  # found at the venue and missing in the books
    booked_fundings: int
    booked_flows_usd: Decimal
    differences: tuple[Difference, ...] = ()
    unexplained: tuple[str, ...] = ()  # symbols that take no new exposure
    cleared: tuple[str, ...] = ()  # symbols that do again
