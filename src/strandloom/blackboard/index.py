"""Strands in memory by one of their sides, brought up to date by the first read that needs it."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from strandloom.blackboard.strand import Strand

K = TypeVar("K", bound=Hashable)


class Index(Generic[K]):
    """Under each key the strands that have it, in the order in which they came."""

    __slots__ = ("_found", "_keys", "_log", "_seen")

    def __init__(self, log: list[Strand], keys: Callable[[Strand], Iterable[K]]) -> None:
        """Follows a log of strands, to which its owner appends and from whose end he drops."""
        self._log = log
        self._keys = keys
        self._seen = 0  # of the log; a side that nobody asks for costs nothing
        self._found: dict[K, list[Strand]] = defaultdict(list)

    def forget(self, last: Strand) -> None:
        """The owner has just dropped the end of his log."""
        if self._seen > len(self._log):
            self._seen -= 1
            for key in self._keys(last):
                self._found[key].pop()

    def anew(self) -> None:
        """The owner has changed more of his log than its end."""
        self._seen = 0
        self._found.clear()

    def at(self, key: K) -> list[Strand]:
        """All that have it; to be read, not to be kept."""
        log = self._log
        if self._seen < len(log):
            for strand in log[self._seen :]:
                for known in self._keys(strand):
                    self._found[known].append(strand)
            self._seen = len(log)
        return self._found.get(key, [])
