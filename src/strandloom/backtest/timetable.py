"""The timetable of a replay: slots come when market time passes them, as in the service."""

from collections import deque
from collections.abc import Callable, Sequence
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
        self.next_at = since  # when the next one comes; where none is known yet, when to ask again

    def until(self, at: datetime) -> Sequence[Slot]:
        """Each slot that has come by then, once."""
        if at < self.next_at:
            return ()
        while self._known_to <= at:
            due = slots_due(self._known_to, self._known_to + _DAY)
            self._coming.extend(slot for slot in due if self._wanted(slot.job))
            self._known_to += _DAY
        come: list[Slot] = []
        while self._coming and self._coming[0].at <= at:
            come.append(self._coming.popleft())
        self.next_at = self._coming[0].at if self._coming else self._known_to
        return come
