"""Hints for claiming: below its floor a consumer has nothing open, so a claim need not look there.

While some session holds an old snapshot, settled deliveries stay in the table as dead rows, and a claim
that begins at the bottom wades through all of them.  The floor passes them by.  It is only sound while
notifications arrive (they say when something appears below it); without them every claim begins at the
bottom.
"""


class Floors:
    """The lowest seq per consumer at which something may be open."""

    def __init__(self) -> None:
        self._floors: dict[str, int] = {}
        self._changes: dict[str, int] = {}
        self._trusted = False

    def trust(self) -> None:
        """Notifications arrive."""
        self._trusted = True

    def forget(self, *, trusted: bool) -> None:
        """Begin at the bottom again, once or until notifications arrive."""
        self._trusted = trusted
        for consumer in self._floors:
            self.lower(consumer, 0)

    def lower(self, consumer: str, seq: int) -> None:
        """Something is open at `seq`."""
        self._changes[consumer] = self._changes.get(consumer, 0) + 1
        self._floors[consumer] = min(seq, self._floors.get(consumer, 0))

    def start(self, consumer: str) -> tuple[int, int]:
        """Where a claim may begin, and a mark to hand back to `found`."""
        floor = self._floors.get(consumer, 0) if self._trusted else 0
        return floor, self._changes.get(consumer, 0)

    def found(self, consumer: str, floor: int, mark: int) -> None:
        """A claim saw nothing open below `floor`; void when something appeared meanwhile."""
        if self._changes.get(consumer, 0) == mark:
            self._floors[consumer] = floor
