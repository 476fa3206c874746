"""Posts slots as market time goes by; every process does, and a slot is posted once all the same."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.strand import Draft, Write
from strandloom.jobs import posting
from strandloom.jobs.timetable import Slot, slots_due, worth_posting
from strandloom.store.database import Database

_LOOK_S = 0.5
_MINUTE = timedelta(minutes=1)


class Posting(Protocol):
    """The part of a board that the timetable needs."""

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]: ...


class Driving:
    """`run` it as long as the service runs.  `market_time` is None until a minute is known."""

    def __init__(
        self,
        database: Database,
        board: Posting,
        market_time: Callable[[], datetime | None],
        clock: Clock,
        holder: str,
    ) -> None:
        self._database = database
        self._board = board
        self._market_time = market_time
        self._clock = clock
        self._holder = holder
        self._since: datetime | None = None

    async def run(self) -> None:
        """For ever; a board that does not answer is asked again."""
        while True:
            try:
                await self.look()
            except Retryable as error:
                logger.warning("board_not_answering", while_="posting jobs", error=str(error))
            await self._clock.sleep(_LOOK_S)

    async def look(self) -> Sequence[Slot]:
        """Post what has become due since the last look."""
        until = self._market_time()
        if until is None:
            return ()
        since = self._since if self._since is not None else await self._goes_on(until)
        due = worth_posting(slots_due(since, until))
        for slot in due:
            await post(self._board, slot, self._holder)
        self._since = max(since, until)
        return due

    async def _goes_on(self, now: datetime) -> datetime:
        """After the last slot that anybody posted; the moment itself again, as not all of it may be there."""
        last: datetime | None = await self._database.fetchval("jobs.last")
        return now if last is None else min(now, last - _MINUTE)


async def post(board: Posting, slot: Slot, holder: str, *, by_person: bool = False) -> bool:
    """Post one slot; False when it had been posted."""
    draft = posting.draft(slot, by_person=by_person)
    new = await board.post([draft], posting.cause(slot), [posting.run(slot, holder)])
    if new:
        logger.debug("job_posted", job=slot.job, slot=slot.at)
    return bool(new)
