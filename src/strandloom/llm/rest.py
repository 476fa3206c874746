"""After an endpoint failed several times in a row it is left alone for a while, ever longer."""

from datetime import datetime, timedelta

STRIKES, ENOUGH = 3, 10
FIRST_S, LONGEST_S = 30.0, 900.0


class Rest:
    """Keeps a dead endpoint from costing every minute its whole patience."""

    def __init__(self) -> None:
        self._failed = 0
        self._until: datetime | None = None

    def resting(self, wall: datetime) -> bool:
        return self._until is not None and wall < self._until

    def failed(self, wall: datetime) -> None:
        self._failed = min(self._failed + 1, ENOUGH)
        if self._failed >= STRIKES:
            longer_s = FIRST_S * 2.0 ** (self._failed - STRIKES)
            self._until = wall + timedelta(seconds=min(longer_s, LONGEST_S))

    def answered(self) -> None:
        self._failed, self._until = 0, None
