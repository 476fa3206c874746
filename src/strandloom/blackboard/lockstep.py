"""Replays: everything that one minute causes is handled before the next minute begins, always in one order.

Modules are visited in the order of the roster, round after round until nobody has anything left, and each
handles what waits for it one by one, oldest first.  So the same minutes give the same strands.  Nothing is
leased: one thing happens at a time, and a retry comes at once because no time passes inside a minute.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from loguru import logger

from strandloom.basics.errors import Halt, Refused, Retryable
from strandloom.blackboard import retry
from strandloom.blackboard.board import ConditionFailed, Unacceptable
from strandloom.blackboard.cause import Cause, about, delivered
from strandloom.blackboard.delivery import DeadLetter
from strandloom.blackboard.desk import Desk, Desks
from strandloom.blackboard.memory_past import MemoryPast
from strandloom.blackboard.module import Seat
from strandloom.blackboard.recover import recover
from strandloom.blackboard.slate import Slate, check_patterns
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand, Write

_FORESEEN = (Refused, Retryable, Halt, ConditionFailed)


class Lockstep:
    """A network in memory that is driven minute by minute: post, then drain."""

    def __init__(
        self,
        seats: Sequence[Seat],
        wall: Callable[[], datetime],
        *,
        strict: bool = False,
        forgiving: bool = True,
        keep_silent: bool = True,
    ) -> None:
        """`forgiving` dead-letters what a module keeps failing on; otherwise its error is raised.

        Without `keep_silent`, what nobody answered is forgotten: most minutes of a long replay.
        """
        self.slate: Slate[deque[Strand]] = Slate(wall, deque.append, strict=strict)
        self.past = MemoryPast(self.slate)
        self.dead: list[DeadLetter] = []
        self.forgiving = forgiving
        self._keep_silent = keep_silent
        self._unanswered = 0  # strands at the end of the archive that came from outside and led to nothing
        self._rng = Random(0)  # noqa: S311 - the length of a backoff that nobody waits for
        self.settled = 0  # answers so far that said or wrote anything
        self.chairs = tuple((seat, self._sit(seat)) for seat in seats)
        self._desks: Desks | None = None

    def lay(self, desks: Desks) -> None:
        """How the desks are laid; needed before the first drain."""
        self._desks = desks

    def post(self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()) -> tuple[UUID, ...]:
        """Post what no module posts: heartbeats, slots of the timetable."""
        posted = self.slate.post(drafts, cause, writes)
        self._unanswered += len(posted)
        return posted

    def pass_over(self, waiting: Iterable[deque[Strand]]) -> None:
        """What was posted last is not for these: they have said that they would let it pass."""
        for queue in waiting:
            queue.pop()

    async def drain(self) -> int:
        """Handle everything until nothing is left; how many deliveries that were."""
        desks = self._desks
        if desks is None:
            raise RuntimeError("lay the desks before draining")
        handled, before, busy = 0, len(self.slate.archive), True
        while busy:
            busy = False
            for seat, waiting in self.chairs:
                if waiting:
                    busy = True
                    handled += len(waiting)
                    await self._serve(seat, waiting, desks)
        if not self._keep_silent and len(self.slate.archive) == before:
            self.slate.archive.forget_last(self._unanswered)
        self._unanswered = 0
        return handled

    def _sit(self, seat: Seat) -> deque[Strand]:
        waiting: deque[Strand] = deque()
        check_patterns(seat.module.reads)
        self.slate.want(seat.module.name, tuple(seat.module.reads), waiting)
        return waiting

    async def _serve(self, seat: Seat, waiting: deque[Strand], desks: Desks) -> None:
        """All that waits for one module now; nobody hears themselves, so it does not grow meanwhile."""
        handle, name, most = seat.module.handle, seat.module.name, seat.max_drafts
        while waiting:
            strand = waiting.popleft()
            desk = desks(strand)
            try:
                said = await handle(strand, desk)
                if said is not NOTHING:
                    self.settled += 1
                    if len(said.drafts) > most:
                        said = retry.within(said, most)
                    self.slate.post(said.drafts, delivered(strand, name), said.writes)
            except Exception as error:  # noqa: BLE001 - the supervisor of a replay
                await self._recover(seat, strand, desk, error)

    async def _recover(self, seat: Seat, strand: Strand, desk: Desk, error: Exception) -> None:
        self.settled += 1
        if not self.forgiving and not isinstance(error, _FORESEEN):
            raise error
        await recover(_Case(self, seat, strand), seat, strand, desk, error, self._rng)


@dataclass(frozen=True, slots=True)
class _Case:
    steps: Lockstep
    seat: Seat
    strand: Strand

    async def settle(self, said: Said) -> None:
        self.steps.slate.post(said.drafts, delivered(self.strand, self.seat.module.name), said.writes)

    async def tell(self, draft: Draft, what: str) -> None:
        with suppress(Unacceptable):  # at the hop limit there is no room for it; the dead letter says enough
            self.steps.slate.post([draft], about(self.strand, self.seat.module.name, what))

    async def bury(self, error: Exception, attempts: int) -> None:
        if not self.steps.forgiving:
            raise error
        text = retry.story(error)
        logger.error("dead_letter", module=self.seat.module.name, strand=str(self.strand.id), error=text)
        self.steps.dead.append(
            DeadLetter(
                consumer=self.seat.module.name,
                seq=self.strand.seq,
                strand_id=self.strand.id,
                attempts=attempts,
                error=text,
                died_at=self.steps.slate.wall(),
            )
        )
        await self.tell(retry.dead_letter(attempts, text), "dead")
