"""Hints for claiming: below its floor a consumer has nothing open, so a claim need not look there.

While some session holds an old snapshot, settled deliveries stay in the table as dead rows, and a claim
that begins at the bottom wades through all of them.  The floor passes them by.  It is only sound while
notifications arrive (they say when something appears below it); without them every claim begins at the
bottom.
"""

from dataclasses import dataclass
from math import inf
from weakref import WeakSet


@dataclass(slots=True, eq=False, weakref_slot=True)
class Look:
    """A claim under way: where it begins, and the lowest seq that was called meanwhile."""

    consumer: str
    start: int
    called: float = inf


class Floors:
    """The lowest seq per consumer at which something may be open."""

    def __init__(self) -> None:
        self._floors: dict[str, int] = {}
        self._looks: WeakSet[Look] = WeakSet()
        self._trusted = False

    def forget(self, *, trusted: bool) -> None:
        """Begin at the bottom again: once, or until notifications arrive."""
        self._trusted = trusted
        for consumer in self._floors:
            self.lower(consumer, 0)

    def lower(self, consumer: str, seq: int) -> None:
        """Something is open at `seq`; of no interest before the consumer's first claim."""
        if consumer in self._floors:
            self._floors[consumer] = min(seq, self._floors[consumer])
            for look in self._looks:
                if look.consumer == consumer:
                    look.called = min(seq, look.called)

    def look(self, consumer: str) -> Look:
        """A claim begins."""
        floor = self._floors.setdefault(consumer, 0)
        look = Look(consumer, floor if self._trusted else 0)
        self._looks.add(look)
        return look

    def found(self, look: Look, floor: int) -> None:
        """It saw nothing open below `floor`, but may have missed what was called meanwhile."""
        self._floors[look.consumer] = int(min(floor, look.called))
