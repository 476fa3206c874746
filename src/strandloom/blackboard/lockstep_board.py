"""Lockstep over any board: a replay that goes through the database, to compare it with one in memory.

The same order as in `lockstep.py`: modules as the roster lists them, round after round, each handling what
waits for it one by one, oldest first.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from uuid import UUID

from loguru import logger

from strandloom.blackboard import retry
from strandloom.blackboard.board import Board, Unacceptable
from strandloom.blackboard.cause import Cause, about
from strandloom.blackboard.delivery import Delivery, Settlement
from strandloom.blackboard.desk import Desks
from strandloom.blackboard.module import Seat
from strandloom.blackboard.recover import recover
from strandloom.blackboard.runner import subscription
from strandloom.blackboard.strand import Draft, Said, Write


class BoardLockstep:
    """A network on a board that nobody else serves, driven minute by minute: post, then drain."""

    def __init__(self, seats: Sequence[Seat], board: Board, desks: Desks, *, holder: str) -> None:
        self._seats = tuple(seats)
        self._board = board
        self._desks = desks
        self._holder = holder
        self._rng = Random(0)  # noqa: S311 - the length of a backoff that nobody waits for

    async def start(self) -> None:
        """Subscribe every module."""
        await self._board.subscribe([subscription(seat) for seat in self._seats])

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]:
        """Post what no module posts."""
        return await self._board.post(drafts, cause, writes)

    async def drain(self) -> int:
        """Handle everything until nothing is left; how many deliveries that were."""
        handled = 0
        while count := sum([await self._serve(seat) for seat in self._seats]):
            handled += count
        return handled

    async def _serve(self, seat: Seat) -> int:
        count = 0
        while claimed := await self._board.claim(seat.module.name, 1, self._holder):
            await self._handle(seat, claimed[0])
            count += 1
        return count

    async def _handle(self, seat: Seat, delivery: Delivery) -> None:
        desk = self._desks(delivery.strand)
        case = _Case(self._board, delivery)
        try:
            said = await seat.module.handle(delivery.strand, desk)
            await case.settle(retry.within(said, seat.max_drafts))
        except Exception as error:  # noqa: BLE001 - the supervisor of a replay
            await recover(case, seat, delivery.strand, desk, error, self._rng)


@dataclass(frozen=True, slots=True)
class _Case:
    board: Board
    delivery: Delivery

    async def settle(self, said: Said) -> None:
        await self.board.complete([Settlement(delivery=self.delivery, said=said)])

    async def tell(self, draft: Draft, what: str) -> None:
        with suppress(Unacceptable):  # at the hop limit there is no room for it; the dead letter says enough
            await self.board.post([draft], about(self.delivery.strand, self.delivery.consumer, what))

    async def bury(self, error: Exception, attempts: int) -> None:
        text = retry.story(error)
        logger.error("dead_letter", module=self.delivery.consumer, seq=self.delivery.seq, error=text)
        await self.board.fail(self.delivery, text, again_in_s=None)
        await self.tell(retry.dead_letter(attempts, text), "dead")
