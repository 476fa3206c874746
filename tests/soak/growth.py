"""How memory grows: a straight line through the least that each process weighed in every half minute.


The least, because a process gives freed memory back twice a minute: what is not given back is what it needs.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

WARM_S = 120.0  # caches, windows and the allocator's arenas fill
BIN_S = 30.0
LEAST_BINS = 3  # what is shorter says nothing
FLAT_MB_PER_MIN = 2.0


@dataclass(slots=True, kw_only=True)
class Life:
    """One process from its start to its end, weighed now and then."""

    pid: int
    roles: tuple[str, ...]
    weighed: list[tuple[float, float]] = field(default_factory=list)  # seconds, MB

    def weigh(self, now_s: float) -> None:
        """Note how much memory it has, if it still lives."""
        status = Path(f"/proc/{self.pid}/status")
        if status.exists() and (found := status.read_text().partition("VmRSS:")[2]):
            self.weighed.append((now_s, int(found.split()[0]) / 1024))

    def told(self) -> list[tuple[float, float]]:
        """The least of each whole half minute after the warm-up, if there are enough for a line."""
        bins: dict[int, tuple[float, float]] = {}
        for at, mb in self.weighed:
            bin_ = int((at - self.weighed[0][0] - WARM_S) // BIN_S)
            if bin_ >= 0:
                bins[bin_] = min(bins.get(bin_, (at, mb)), (at, mb), key=lambda one: one[1])
        whole = [bins[bin_] for bin_ in sorted(bins)[:-1]]
        return whole if len(whole) >= LEAST_BINS else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The line through one life."""

    roles: tuple[str, ...]
    minutes: float
    mb: float  # at the end
    mb_per_min: float

    @property
    def flat(self) -> bool:
        return self.mb_per_min < FLAT_MB_PER_MIN

    def __str__(self) -> str:
        who = ",".join(self.roles)
        return (
            f"{who}: {self.mb_per_min:+.2f} MB/min over {self.minutes:.1f} min, {self.mb:.0f} MB at the end"
        )


def growths(lives: Sequence[Life]) -> list[Growth]:
    """Of every life that was long enough; none is not "flat", it is not measured."""
    return [_growth(life, told) for life in lives if (told := life.told())]


def _growth(life: Life, told: Sequence[tuple[float, float]]) -> Growth:
    line = statistics.linear_regression(*zip(*told, strict=True))
    return Growth(
        roles=life.roles,
        minutes=(told[-1][0] - told[0][0]) / 60,
        mb=told[-1][1],
        mb_per_min=line.slope * 60,
    )
