"""The one source of nonces of a process: wall-clock milliseconds that never repeat, from any thread."""

from threading import Lock

from strandloom.basics.clock import Clock
from strandloom.basics.ids import unix_ms


class NonceSource:
    """Two orders in the same millisecond get different nonces; a clock that steps back repeats none."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._lock = Lock()

    def next(self) -> int:
        """A nonce greater than every earlier one, and as close to wall time as that allows."""
        now_ms = unix_ms(self._clock.wall())
        with self._lock:
            self._last = max(now_ms, self._last + 1)
            return self._last
