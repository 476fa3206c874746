"""An order that is to be sent, with all orders of its trade as the books have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from strandloom.basics.quick import quick
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import Said, Strand
from strandloom.kinds.order import OrderIntent
from strandloom.teams.trader import order as orders
from strandloom.teams.trader import saying, tables
from strandloom.teams.trader.order import Order

BEFORE_THE_VENUE = ("intended", "sent")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One delivery of one intent.  What somebody else moves on meanwhile, the write's condition refuses."""

    intent: OrderIntent
    strand: Strand
    desk: Desk
    books: Mapping[str, Order]  # by client order id

    @property
    def at(self) -> datetime:
        return self.strand.at

    def order(self, intent: OrderIntent) -> Order:
        """As it stands, or as it begins."""
        return self.books.get(intent.cloid) or orders.intended(intent, self.at)

    def moved(
        self, before: Order, after: Order, *, risk_usd: Decimal | None = None, guarded: bool = False
    ) -> Said:
        """An order of the books, or one that they do not have yet, moves on and is told."""
        moved = tables.advance(before, after)
        writes = (moved,) if before.cloid in self.books else (tables.begin(before), moved)
        risk_usd = after.risk_usd if risk_usd is None else risk_usd
        return Said(drafts=(saying.of_order(after, guarded=guarded, risk_usd=risk_usd),), writes=writes)


async def books_of(intent: OrderIntent, desk: Desk) -> Mapping[str, Order]:
    """The orders of the trade that an intent belongs to."""
    rows = await desk.tables.look("order.of", trade=str(intent.trade or intent.decision))
    return {row["cloid"]: orders.from_row(row) for row in rows}


def is_told(order: Order) -> bool:
    """What came of sending it is in the books."""
    return order.state not in BEFORE_THE_VENUE
