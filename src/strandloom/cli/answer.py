"""Waiting for what the running service says to a strand that a person has just posted."""

from typing import TypeVar
from uuid import UUID

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Board
from strandloom.kinds.registry import Body

NOBODY = "no service answered; it waits on the board until `strandloom run` takes it up"
LOOK_S = 0.25
_NEWEST = 50
B = TypeVar("B", bound=Body)


async def to(strand: UUID, board: Board, kind: str, body: type[B], wait_s: float) -> list[B]:
    """All answers of that kind to it, which come together; none when nobody answered in time."""
    clock = SystemClock()
    for _ in range(int(wait_s / LOOK_S) + 1):
        newest = await board.latest(kind, limit=_NEWEST)
        mine = [one.body for one in newest if strand in one.parents and isinstance(one.body, body)]
        if mine:
            return mine
        await clock.sleep(LOOK_S)
    return []
