"""Which heartbeats are worth posting: those that somebody has not said that he would let pass."""

from collections import deque
from collections.abc import Iterable

from strandloom.blackboard import tags
from strandloom.blackboard.desk import Ahead, Desk
from strandloom.blackboard.module import Module, Patient, Seat
from strandloom.blackboard.strand import Strand
from strandloom.jobs.timetable import NAMES
from strandloom.market import beat

_LENGTHS = (1, 5, 15, 30, 60)


class Reader:
    """A module that hears heartbeats, and the minute at which it next wants one."""

    __slots__ = ("every", "patient", "waiting", "wakes_at")

    def __init__(self, module: Module, waiting: deque[Strand], every: int, *, patient: bool) -> None:
        self.patient = module if patient and isinstance(module, Patient) else None
        self.waiting = waiting
        self.wakes_at = 0
        self.every = every


class Readers:
    """All modules that hear heartbeats."""

    def __init__(self, chairs: Iterable[tuple[Seat, deque[Strand]]], *, patient: bool = True) -> None:
        chairs = tuple(chairs)
        patterns = frozenset(pattern for seat, _ in chairs for pattern in seat.module.reads)
        self._jobs = frozenset(job for job in NAMES if tags.match(patterns, (f"system:job:{job}",)))
        found = ((seat.module, waiting, _every(seat.module)) for seat, waiting in chairs)
        self._readers = [
            Reader(module, waiting, every, patient=patient) for module, waiting, every in found if every
        ]
        self._awake: list[Reader] = list(self._readers)
        self.wakes_at = 0 if self._readers else 1 << 62  # the next minute that anybody wants

    def hear(self, job: str) -> bool:
        """Does any module read this job of the timetable?"""
        return job in self._jobs

    def passing(self, minute: int, *, everyone: bool) -> list[deque[Strand]]:
        """Those who let this heartbeat pass, of all to whom it goes; where `everyone` must, nobody."""
        if everyone:
            self._awake = self._readers
            return []
        self._awake = [reader for reader in self._readers if reader.wakes_at <= minute]
        asleep = [reader for reader in self._readers if reader.wakes_at > minute]
        return [reader.waiting for reader in asleep if not (minute + 1) % reader.every]

    async def ask(self, ahead: Ahead, desk: Desk, *, everyone: bool) -> None:
        """After something was said everyone's plans may have changed, else only of those who were awake.

        A module that cannot say wants every heartbeat that is meant for it.
        """
        for reader in self._readers if everyone else self._awake:
            patient = reader.patient
            wakes = await patient.wakes(ahead, desk) if patient else ahead.first
            reader.wakes_at = wakes + (-(wakes + 1)) % reader.every
        self.wakes_at = min([reader.wakes_at for reader in self._readers], default=1 << 62)


def _every(module: Module) -> int:
    """The module gets the heartbeat of every so many minutes; 0: of none."""
    return next(
        (length for length in _LENGTHS if tags.match(module.reads, beat.tags(length - 1))),
        0,
    )
