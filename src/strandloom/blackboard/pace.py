"""How fast a module may post: a bucket that fills with time and empties with drafts."""

from dataclasses import dataclass

_BURST_S = 5.0  # so many seconds' worth may be posted at once


@dataclass(slots=True)
class Pace:
    """A token bucket that may be overdrawn: work that is done is never refused, only what follows waits."""

    per_s: float
    _left: float = 0.0
    _at_s: float | None = None

    def spend(self, drafts: int, now_s: float) -> None:
        """So many drafts were posted."""
        self._fill(now_s)
        self._left -= drafts

    def pause_s(self, now_s: float) -> float:
        """How long to wait before more work is begun."""
        self._fill(now_s)
        return max(0.0, -self._left / self.per_s)

    def _fill(self, now_s: float) -> None:
        if self._at_s is None:
            self._left = self.per_s * _BURST_S
        else:
            gained = max(0.0, now_s - self._at_s) * self.per_s
            self._left = min(self.per_s * _BURST_S, self._left + gained)
        self._at_s = now_s
