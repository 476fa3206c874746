"""How long to wait before connecting again: longer each time, and never in step with others."""

from random import Random


class Backoff:
    """Doubles from `first_s` to `most_s`; a random part keeps many clients from returning together."""

    def __init__(self, rng: Random, *, first_s: float = 0.25, most_s: float = 30.0) -> None:
        self._rng = rng
        self._first_s = first_s
        self._most_s = most_s
        self._tries = 0

    def next_s(self) -> float:
        """The next pause: between half and all of the doubled step."""
        step = min(self._most_s, self._first_s * 2.0 ** min(self._tries, 30))
        self._tries += 1
        return step * (0.5 + self._rng.random() / 2)

    def reset(self) -> None:
        """It works again."""
        self._tries = 0
