"""The timetable of a replay: slots come when market time passes them, as in the service."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from strandloom.jobs.timetable import Slot, slots_due

_DAY = timedelta(days=1)


class Slots:
    """Worked out a day ahead, because looking for none takes longer than a minute of the market."""

    def __init__(self, since: datetime, wanted: Callable[[str], bool] = lambda job: True) -> None:
        """Only the jobs that are `wanted` come: what no module reads leaves no trace in a replay."""
        self._known_to = since
        self._wanted = wanted
        self._coming: deque[Slot] = deque()

    def until(self, at: datetime) -> Iterator[Slot]:
        """Each slot that has come by then, once."""
        while self._known_to < at:
            self._look()
        while self._coming and self._coming[0].at <= at:
            yield self._coming.popleft()

    def next_at(self, now: datetime) -> datetime:
        """When the next one comes; where none does soon, when to ask again."""
        if not self._coming and self._known_to <= now:
            self._look()
        return self._coming[0].at if self._coming else self._known_to

    def _look(self) -> None:
        due = slots_due(self._known_to, self._known_to + _DAY)
        self._coming.extend(slot for slot in due if self._wanted(slot.job))
        self._known_to += _DAY
