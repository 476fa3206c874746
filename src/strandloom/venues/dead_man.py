"""The dead man's switch: when this process dies, the venue cancels the entries that it left behind.

The venue can only cancel everything, stops included.  So the switch is armed while nothing but entries rests,
and taken back before the first order that guards a position is placed, be it along with its entry.
"""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.kinds.fill import OpenOrder
from strandloom.venues.port import Venue, VenueSilent

RENEW_S: Final = 30.0
AHEAD: Final = timedelta(seconds=120)
ASK_AGAIN: Final = 120  # renewals after a refusal: an hour, as the volume that the venue asks for takes long
_GOODBYE_S: Final = 5.0


def is_wanted(orders: Iterable[OpenOrder]) -> bool:
    """Is there something to cancel, and nothing that must stay?"""
    resting = list(orders)
    return bool(resting) and not any(order.reduce_only or order.trigger is not None for order in resting)


class DeadMan:
    """`run` for as long as the service lives; ending it disarms the switch."""

    def __init__(self, venue: Venue, clock: Clock, *, renew_s: float = RENEW_S) -> None:
        self._venue = venue
        self._clock = clock
        self._renew_s = renew_s
        self._armed = True  # by a process before this one, as far as we know
        self._rests = 0  # renewals to leave out

    async def run(self) -> None:
        try:
            while True:
                try:
                    await self.beat()
                except VenueSilent as silent:
                    logger.warning("dead_man_not_renewed", venue=self._venue.name, why=str(silent))
                await self._clock.sleep(self._renew_s)
        finally:
            await asyncio.shield(self._goodbye())

    async def beat(self) -> None:
        """Arm, renew or disarm, whichever the resting orders ask for."""
        if self._rests:
            self._rests -= 1
            return
        if is_wanted(await self._venue.open_orders()):
            self._armed = await self._venue.schedule_cancel(self._clock.wall() + AHEAD)
            self._rests = 0 if self._armed else ASK_AGAIN
        elif self._armed:
            await self._venue.schedule_cancel(None)
            self._armed = False

    async def _goodbye(self) -> None:
        """A clean stop takes its entries back by itself; what it leaves at the venue is meant to stay."""
        if not self._armed:
            return
        try:
            async with asyncio.timeout(_GOODBYE_S):
                await self._venue.schedule_cancel(None)
        except (VenueSilent, TimeoutError) as error:
            logger.warning("dead_man_still_armed", venue=self._venue.name, why=str(error))
