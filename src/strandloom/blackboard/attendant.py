"""Serving one module: claim for it, run its handler, renew its leases, hand on what it says."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from random import Random

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.basics.log import correlated
from strandloom.blackboard import retry
from strandloom.blackboard.board import Writing
from strandloom.blackboard.delivery import Delivery
from strandloom.blackboard.desk import Desks
from strandloom.blackboard.module import Seat, door
from strandloom.blackboard.observe import Handled, Observer
from strandloom.blackboard.pace import Pace
from strandloom.blackboard.settler import GROUP, Settler
from strandloom.blackboard.strand import Draft, Said
from strandloom.kinds import registry

_AHEAD_S = 0.05  # how much work is claimed ahead: a crash costs all of it an attempt
_MOST_HELD = 4 * GROUP  # answered ones that wait to be settled included
_OUTAGE_S = 1.0  # between two looks at a board that does not answer


class Attendant:
    """One seat at work.  `news` says that something may wait on the board."""

    def __init__(
        self,
        seat: Seat,
        board: Writing,
        desks: Desks,
        clock: Clock,
        rng: Random,
        holder: str,
        observe: Observer,
        busy: Callable[[], None],
    ) -> None:
        self.seat = seat
        self.news = asyncio.Event()
        self.news.set()
        self._board = board
        self._desks = desks
        self._clock = clock
        self._holder = holder
        self._observe = observe
        self._busy = busy
        self._settler = Settler(board, clock, rng, self._think_again, self._let_go)
        self._inbox: deque[Delivery] = deque()
        self._held: dict[int, Delivery] = {}
        self._claiming = asyncio.Lock()
        self._stopping = False
        self._pace = Pace(seat.drafts_per_s)
        self._usual_s = _AHEAD_S  # how long the handler takes, roughly

    def stop(self) -> None:
        """Begin nothing more; `run` ends when what was begun is settled."""
        self._stopping = True
        self.news.set()

    async def run(self) -> None:
        """Serve until stopped.  What a failed run still held is left to its leases."""
        self._inbox.clear()
        self._held.clear()
        async with asyncio.TaskGroup() as group:
            renewing = group.create_task(self._renew())
            settling = group.create_task(self._settler.run())
            await asyncio.wait([group.create_task(self._work()) for _ in range(self.seat.at_once)])
            self._settler.close()
            await asyncio.wait([settling])
            renewing.cancel()

    async def _work(self) -> None:
        while (delivery := await self._next()) is not None:
            with correlated(delivery.strand.lifecycle):
                await self._handle(delivery)

    async def _next(self) -> Delivery | None:
        async with self._claiming:
            while not self._stopping:
                if self._inbox:
                    return self._inbox.popleft()
                await self._keep_pace()
                self.news.clear()
                if len(self._held) >= _MOST_HELD or not await self._claim():
                    await self.news.wait()
        return None

    async def _keep_pace(self) -> None:
        pause_s = self._pace.pause_s(self._clock.wall().timestamp())
        if pause_s > 0:
            logger.warning("module_slowed_down", module=self.seat.module.name, pause_s=round(pause_s, 1))
        while pause_s > 0 and not self._stopping:
            await self._clock.sleep(min(pause_s, 1.0))
            pause_s = self._pace.pause_s(self._clock.wall().timestamp())

    async def _claim(self) -> bool:
        try:
            claimed = await self._board.claim(self.seat.module.name, self._appetite(), self._holder)
        except Retryable as error:
            logger.warning("board_not_answering", while_="claiming", error=str(error))
            await self._clock.sleep(_OUTAGE_S)
            return True
        for delivery in claimed:
            self._held[delivery.seq] = delivery
            self._inbox.append(delivery)
        if claimed:
            self._busy()
        return bool(claimed)

    def _appetite(self) -> int:
        """How many to claim: little where handlers are slow, a group where they are quick."""
        ahead = int(_AHEAD_S / max(self._usual_s, 1e-6))
        return max(1, min(GROUP, self.seat.at_once * max(1, ahead)))

    async def _handle(self, delivery: Delivery) -> None:
        began = self._clock.wall()
        try:
            said = await self._think(delivery)
        except Exception as error:  # noqa: BLE001 - the one supervisor of handlers
            self._note(delivery, began.timestamp(), None)
            await self._settler.failed(delivery, error)
            return
        self._note(delivery, began.timestamp(), said)
        self._pace.spend(len(said.drafts), began.timestamp())
        self._settler.add(delivery, retry.within(said, self.seat.max_drafts))

    async def _think(self, delivery: Delivery) -> Said:
        strand, limit_s = delivery.strand, self.seat.hang_s
        try:
            async with asyncio.timeout(limit_s) as patience:
                return await door(self.seat.module, delivery.attempts)(strand, self._desks(strand))
        except TimeoutError as error:
            if patience.expired():
                raise TimeoutError(f"{delivery.consumer} hung for {limit_s:g} s") from error
            raise

    def _note(self, delivery: Delivery, began: float, said: Said | None) -> None:
        took_s = self._clock.wall().timestamp() - began
        self._usual_s += 0.2 * (took_s - self._usual_s)
        self._observe(
            Handled(
                module=delivery.consumer,
                kind=delivery.strand.kind,
                outcome="failed" if said is None else "answered",
                waited_s=began - delivery.strand.created_at.timestamp(),
                took_s=took_s,
                posts=() if said is None else tuple(_kind(draft) for draft in said.drafts),
            )
        )

    async def _renew(self) -> None:
        """Keep the leases of what is not settled yet."""
        while True:
            await self._clock.sleep(self.seat.lease_s / 3)
            if not self._held:
                continue
            asked = list(self._held.values())
            with suppress(Retryable):  # then the next round, or another worker, has it
                still = {delivery.seq for delivery in await self._board.extend(asked)}
                self._drop_lost([delivery for delivery in asked if delivery.seq not in still])

    def _drop_lost(self, lost: list[Delivery]) -> None:
        """What somebody else holds now need not be begun; what is begun fails when it is settled."""
        for delivery in lost:
            with suppress(ValueError):
                self._inbox.remove(delivery)
                self._let_go(delivery)

    def _think_again(self, delivery: Delivery) -> None:
        self._inbox.appendleft(delivery)
        self.news.set()

    def _let_go(self, delivery: Delivery) -> None:
        was_full = len(self._held) >= _MOST_HELD
        self._held.pop(delivery.seq, None)
        if self.seat.order != "free" or was_full:
            self.news.set()  # the next of its key, or one more, may come now, and nobody else will say so


def _kind(draft: Draft) -> str:
    kind = registry.of_type(type(draft.body))
    return kind.name if kind else "unknown"
