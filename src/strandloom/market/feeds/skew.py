"""How far the venue's clock is ahead of ours, from the times in its messages."""

from collections import deque
from datetime import datetime, timedelta

from strandloom.basics.ids import unix_ms

_SAMPLES = 64
WORTH_TELLING = timedelta(seconds=2)


class Skew:
    """A message is late, never early: the largest difference of the recent ones is nearest to the truth."""

    def __init__(self) -> None:
        self._seen: deque[int] = deque(maxlen=_SAMPLES)
        self._told_s = 0.0

    def saw(self, venue_ms: int, local: datetime) -> None:
        """A message that the venue stamped has arrived."""
        self._seen.append(venue_ms - unix_ms(local))

    @property
    def offset(self) -> timedelta:
        """What to add to our time to get the venue's."""
        return timedelta(milliseconds=max(self._seen, default=0))

    def news(self) -> float | None:
        """The offset in seconds when it is worth telling and differs from what was told."""
        offset_s = self.offset.total_seconds()
        if abs(self.offset) < WORTH_TELLING or abs(offset_s - self._told_s) < 1:
            return None
        self._told_s = offset_s
        return offset_s
