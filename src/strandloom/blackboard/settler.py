"""Settling what one module finished: as much as there is in one transaction, singly when a group fails."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.basics.log import correlated
from strandloom.blackboard import retry
from strandloom.blackboard.board import Unacceptable, Writing
from strandloom.blackboard.cause import about
from strandloom.blackboard.delivery import Delivery, Settlement
from strandloom.blackboard.strand import Draft, Said

GROUP = 100
_RERUNS = 20  # of one delivery whose conditional write keeps failing
_TRIES = 6  # of a group while the board does not answer; then its leases run out and it comes again


class Settler:
    """Takes finished deliveries and failed ones; acts on the decision about each error.

    `think_again` gets a delivery whose handler must run anew, `let_go` one that is no longer ours.
    """

    def __init__(
        self,
        board: Writing,
        clock: Clock,
        rng: Random,
        think_again: Callable[[Delivery], None],
        let_go: Callable[[Delivery], None],
    ) -> None:
        self._board = board
        self._clock = clock
        self._rng = rng
        self._think_again = think_again
        self._let_go = let_go
        self._finished: list[Settlement] = []
        self._something = asyncio.Event()
        self._closing = False
        self._reruns: Counter[int] = Counter()

    def add(self, delivery: Delivery, said: Said) -> None:
        """A handler has answered."""
        self._finished.append(Settlement(delivery=delivery, said=said))
        self._something.set()

    def close(self) -> None:
        """Nothing more will be added; `run` ends when all is settled."""
        self._closing = True
        self._something.set()

    async def run(self) -> None:
        """Settle in groups: what is finished during one transaction goes together in the next."""
        while self._finished or not self._closing:
            await self._something.wait()
            self._something.clear()
            while self._finished:
                group, self._finished = self._finished[:GROUP], self._finished[GROUP:]
                await self._settle(group)

    async def failed(self, delivery: Delivery, error: Exception) -> None:
        """A handler, or settling what it said, has failed."""
        with correlated(delivery.strand.lifecycle):
            await self._act(delivery, error)

    async def _act(self, delivery: Delivery, error: Exception) -> None:
        match retry.decide(error, delivery.attempts, self._rng):
            case retry.Answer(said):
                self.add(delivery, said)
            case retry.Forget():
                logger.info("lease_lost", module=delivery.consumer, seq=delivery.seq)
                self._forget(delivery)
            case retry.Rerun() if self._reruns[delivery.seq] < _RERUNS:
                self._reruns[delivery.seq] += 1
                self._think_again(delivery)
            case retry.Rerun():
                await self._leave(delivery, retry.Again(retry.BACKOFF_BASE_S, str(error), expected=True))
            case retry.StopTrading(draft, then):
                logger.opt(exception=error).critical("halt_wanted", module=delivery.consumer)
                await self._tell(delivery, draft, "halt")
                await self._leave(delivery, then)
            case retry.Again() as again:
                await self._leave(delivery, again)

    async def _settle(self, group: Sequence[Settlement]) -> None:
        try:
            await self._complete(group)
        except Retryable as error:  # their leases run out, and they come again
            logger.error("board_not_answering", while_="settling", given_up=len(group), error=str(error))
            for settlement in group:
                self._forget(settlement.delivery)
        except Exception as error:  # noqa: BLE001 - `failed` decides what follows from it
            if len(group) == 1:
                await self.failed(group[0].delivery, error)
                return
            for settlement in group:
                await self._settle([settlement])
        else:
            for settlement in group:
                self._forget(settlement.delivery)

    async def _complete(self, group: Sequence[Settlement]) -> None:
        """A board that does not answer may have settled the group or not: trying again is safe."""
        for attempt in range(1, _TRIES):
            try:
                return await self._board.complete(group)
            except Retryable as error:
                logger.warning("board_not_answering", while_="settling", error=str(error))
                await self._clock.sleep(retry.backoff_s(attempt, self._rng) / 4)
        return await self._board.complete(group)

    async def _leave(self, delivery: Delivery, again: retry.Again) -> None:
        log = logger.bind(module=delivery.consumer, seq=delivery.seq, attempt=delivery.attempts)
        if again.expected:
            log.info("handler_left_it_for_later", reason=again.error)
        else:
            log.error("handler_failed", error=again.error)
        try:
            outcome = await self._board.fail(delivery, again.error, again_in_s=again.after_s)
            if outcome == "dead":
                log.error("dead_letter")
                await self._tell(delivery, retry.dead_letter(delivery.attempts, again.error), "dead")
        except Retryable as error:  # the lease will run out, and the delivery comes again
            logger.warning("board_not_answering", while_="failing a delivery", error=str(error))
        self._forget(delivery)

    async def _tell(self, delivery: Delivery, draft: Draft, what: str) -> None:
        """Post about a delivery that is not settled; twice is once, because the cause is the same."""
        try:
            await self._board.post([draft], about(delivery.strand, delivery.consumer, what))
        except (Unacceptable, Retryable) as error:  # no room for it at the hop limit, or no board just now
            logger.error("untold", what=what, module=delivery.consumer, error=str(error))

    def _forget(self, delivery: Delivery) -> None:
        self._reruns.pop(delivery.seq, None)
        self._let_go(delivery)
