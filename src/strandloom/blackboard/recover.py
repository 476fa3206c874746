"""What a replay does when a handler fails: the same decisions as live, with no time to wait for."""

from random import Random
from typing import Protocol

from strandloom.blackboard import retry
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.module import Seat, door
from strandloom.blackboard.strand import Draft, Said, Strand

_RERUNS = 100  # of one handler whose conditional write keeps failing although nobody else writes


class Case(Protocol):
    """One delivery that is in trouble."""

    async def settle(self, said: Said) -> None: ...

    async def tell(self, draft: Draft, what: str) -> None:
        """Post about it without settling it."""
        ...

    async def bury(self, error: Exception, attempts: int) -> None:
        """Give it up."""
        ...


async def recover(case: Case, seat: Seat, strand: Strand, desk: Desk, error: Exception, rng: Random) -> None:
    """Try again at once until it is settled or its attempts are used up."""
    attempts, reruns = 1, 0
    while True:
        match retry.decide(error, attempts, rng):
            case retry.Answer(said):
                return await case.settle(said)
            case retry.Rerun() if reruns < _RERUNS:
                reruns += 1
            case decision:
                if isinstance(decision, retry.StopTrading):
                    await case.tell(decision.draft, "halt")
                if attempts >= seat.max_attempts:
                    return await case.bury(error, attempts)
                attempts += 1
        try:
            said = await door(seat.module, attempts + reruns)(strand, desk)
            return await case.settle(retry.within(said, seat.max_drafts))
        except Exception as again:  # noqa: BLE001 - the supervisor of a replay
            error = again
