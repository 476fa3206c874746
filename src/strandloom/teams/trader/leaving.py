"""A clean stop: entries that rest are taken back, stops and targets stay where they are."""

import asyncio

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.blackboard.cause import root
from strandloom.teams.trader.round import Round
from strandloom.teams.trader.watching import Watching
from strandloom.venues.port import Venue

MODULE = "trader.leaving"
AT_MOST_S = 5.0


async def leave(board: Watching, venue: Venue, clock: Clock) -> None:
    """Called when nobody works any more; what cannot be done in time is found by the next start."""
    try:
        async with asyncio.timeout(AT_MOST_S):
            await _cancel_entries(board, venue, clock)
    except (TimeoutError, Retryable) as error:
        logger.warning("entries_left_resting", venue=venue.name, error=str(error))


async def _cancel_entries(board: Watching, venue: Venue, clock: Clock) -> None:
    now = clock.now()
    round_ = Round(venue, now, await board.look("order.live"), await board.look("trade.open"))
    for order in list(round_.orders.values()):
        if order.leg == "entry" and order.rests:
            await round_.cancel(order)
    if round_.drafts:
        key = f"{venue.name}:{clock.wall().timestamp():.3f}"
        await board.post(round_.drafts, root(MODULE, now, key), round_.writes)
        logger.info("entries_taken_back", venue=venue.name, orders=len(round_.drafts))
