"""The living network in one process: every module of the roster served at once, until it is asked to stop.

Start and recovery are the same: subscribe, look at every queue, go on.  A notification only says where to
look first; what it misses is found by the regular look at everything.
"""

import asyncio
from collections.abc import Sequence
from random import Random

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.blackboard.attendant import Attendant
from strandloom.blackboard.board import Writing
from strandloom.blackboard.delivery import Subscription
from strandloom.blackboard.desk import Desks
from strandloom.blackboard.module import Seat
from strandloom.blackboard.observe import Observer, nobody
from strandloom.blackboard.supervisor import keep_running
from strandloom.blackboard.waker import Waker

LOOK_S = 2.0  # every queue is looked at this often, whatever the notifications say
SWEEP_S = 5.0
GRACE_S = 7.0  # for handlers that run when the stop comes


class Runner:
    """Runs the modules of some seats on a board."""

    def __init__(
        self,
        seats: Sequence[Seat],
        board: Writing,
        desks: Desks,
        waker: Waker,
        clock: Clock,
        *,
        holder: str,
        rng: Random | None = None,
        observe: Observer = nobody,
        grace_s: float = GRACE_S,
    ) -> None:
        rng = rng or Random()  # noqa: S311 - the jitter of backoffs
        self._board = board
        self._waker = waker
        self._clock = clock
        self._holder = holder
        self._grace_s = grace_s
        self._attendants = {
            seat.module.name: Attendant(seat, board, desks, clock, rng, holder, observe, waker.busy)
            for seat in seats
        }

    async def run(self) -> None:
        """Serve until cancelled, then finish what was begun and give the rest back."""
        await self._board.subscribe([subscription(a.seat) for a in self._attendants.values()])
        try:
            async with asyncio.TaskGroup() as group:
                serving = [
                    group.create_task(keep_running(name, attendant.run, self._clock), name=name)
                    for name, attendant in self._attendants.items()
                ]
                helping = [group.create_task(self._wake()), group.create_task(self._sweep())]
                try:
                    await asyncio.wait(serving)
                finally:
                    await self._stop(serving, helping)
        finally:
            await self._give_back()

    async def _stop(
        self, serving: Sequence[asyncio.Task[None]], helping: Sequence[asyncio.Task[None]]
    ) -> None:
        for attendant in self._attendants.values():
            attendant.stop()
        if running := [task for task in serving if not task.done()]:
            _, late = await asyncio.wait(running, timeout=self._grace_s)
            for task in late:
                logger.warning("handler_cut_off", module=task.get_name(), after_s=self._grace_s)
                task.cancel()
        for task in helping:
            task.cancel()

    async def _wake(self) -> None:
        while True:
            names = await self._waker.wait(LOOK_S)
            for name in names or self._attendants:
                if attendant := self._attendants.get(name):
                    attendant.news.set()

    async def _sweep(self) -> None:
        while True:
            try:
                if swept := await self._board.sweep():
                    logger.error("dead_letters_of_lost_workers", count=swept)
            except Retryable as error:
                logger.warning("board_not_answering", while_="sweeping", error=str(error))
            await self._clock.sleep(SWEEP_S)

    async def _give_back(self) -> None:
        try:
            await self._board.free(self._holder)
        except Retryable as error:
            logger.warning("board_not_answering", while_="stopping", error=str(error))


def subscription(seat: Seat) -> Subscription:
    """What a seat asks of the board."""
    return Subscription(
        consumer=seat.module.name,
        patterns=tuple(seat.module.reads),
        order=seat.order,
        lease_s=seat.lease_s,
        max_attempts=seat.max_attempts,
    )
