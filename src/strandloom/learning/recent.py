"""A key's newest results in order of size: how surprising is one more?"""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from dataclasses import dataclass, field

from strandloom.scoring.marks import WINDOW_BLOCKS

REMEMBERED = 1_000


@dataclass(slots=True)
class Recent:
    """The newest thousand results; cheap to ask, cheap to keep."""

    size: list[float] = field(default_factory=list)
    order: deque[float] = field(default_factory=deque)
    n_blocks: int = 0
    surprise: float | None = None  # of the newest result, when it came

    def add(self, r_bps: float, n_blocks: int) -> None:
        """One more, and how many blocks there are with it."""
        self.surprise = self.of(r_bps)
        self.n_blocks = n_blocks
        insort(self.size, r_bps)
        self.order.append(r_bps)
        if len(self.order) > REMEMBERED:
            del self.size[bisect_left(self.size, self.order.popleft())]

    def of(self, r_bps: float) -> float | None:
        """2·|PIT − ½| among what is there (mid-rank); None under twenty blocks."""
        if self.n_blocks < WINDOW_BLOCKS:
            return None
        rank = (bisect_left(self.size, r_bps) + bisect_right(self.size, r_bps)) / 2.0
        return 2.0 * abs(rank / len(self.size) - 0.5)
