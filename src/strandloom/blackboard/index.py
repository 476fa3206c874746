"""Strands in memory by one of their sides, brought up to date by the first read that needs it."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from strandloom.blackboard.strand import Strand

K = TypeVar("K", bound=Hashable)


class Index(Generic[K]):
    """Under each key the strands that have it, in the order in which they came."""

    __slots__ = ("_found", "_keys", "_new")

    def __init__(self, keys: Callable[[Strand], Iterable[K]]) -> None:
        self._keys = keys
        self._new: list[Strand] = []  # not looked at yet: a side that nobody asks for costs next to nothing
        self._found: dict[K, list[Strand]] = defaultdict(list)

    def add(self, strand: Strand) -> None:
        self._new.append(strand)

    def forget(self, last: Strand) -> None:
        """Drop the strand that came last."""
        if self._new:
            self._new.pop()
        else:
            for key in self._keys(last):
                self._found[key].pop()

    def fill(self, strands: Iterable[Strand]) -> None:
        """Begin anew, with these."""
        self._found.clear()
        self._new = list(strands)

    def at(self, key: K) -> list[Strand]:
        """All that have it; to be read, not to be kept."""
        if self._new:
            for strand in self._new:
                for known in self._keys(strand):
                    self._found[known].append(strand)
            self._new.clear()
        return self._found.get(key, [])
