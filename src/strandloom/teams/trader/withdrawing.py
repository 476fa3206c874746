"""Taking back an order whose place another one has taken."""

from datetime import datetime

from strandloom.basics.quick import changed
from strandloom.blackboard.strand import NOTHING, Said
from strandloom.teams.trader import saying, tables
from strandloom.teams.trader.order import Order
from strandloom.venues.port import Venue, VenueSilent


async def withdrawn(venue: Venue, old: Order, by: str, at: datetime, now: datetime) -> Said:
    """Cancel it; where the venue is silent it stays for now, as two that only reduce do no harm."""
    try:
        report = await venue.cancel(old.symbol, old.cloid, now)
    except VenueSilent:
        return NOTHING
    after = old.heard(report, at) if report else old
    if after is old:
        return NOTHING
    told = saying.of_order(changed(after, why=f"replaced by {by}"), more=True)
    return Said(drafts=(told,), writes=(tables.advance(old, after),))
