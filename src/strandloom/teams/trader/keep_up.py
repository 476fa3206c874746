"""Bringing a venue up to a delivery's minute, where it does not move by itself."""

from strandloom.basics.errors import Retryable
from strandloom.blackboard.desk import Desk
from strandloom.venues.port import Venue


async def keep_up(venue: Venue, desk: Desk, *, needed: bool) -> None:
    """Unless it is `needed`, missing bars stop nobody: what guards a position works without a feed."""
    try:
        market = desk.market
    except Retryable:
        if needed:
            raise
        return
    await venue.follow(market)
