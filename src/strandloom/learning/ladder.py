"""Running sums of one pattern key, folded in order of opening, so that a rebuild gives the same numbers."""

from collections import deque
from dataclasses import dataclass, field
from math import sqrt

from strandloom.scoring.evidence import HALF_LIFE_S, SD_FLOOR_BPS

_EPOCH_S = 1_577_836_800  # weights grow from 2020 on; only their ratio to now matters


@dataclass(slots=True, eq=False)
class Entry:
    """One prediction as evidence: open until `closed_s` is set; a void one counts for nothing."""

    opened_s: int
    order: int
    closed_s: int | None = None
    void: bool = False
    r_bps: float = 0.0


@dataclass(slots=True)
class Sums:
    """What a key's counted outcomes add up to; the weights are relative to a fixed epoch."""

    block_s: int
    rows: int = 0
    n_blocks: int = 0
    wins: float = 0.0
    losses: float = 0.0
    r_bps: float = 0.0
    fresh: float = 0.0
    _block: int = -1
    _newest: float = 0.0  # weight of the block's newest row
    _w: float = 0.0  # weight and weighted result of the block so far
    _y: float = 0.0
    _ww: float = 0.0  # over blocks: Σw², Σy², Σw·y
    _yy: float = 0.0
    _wy: float = 0.0

    def fold(self, entry: Entry) -> None:
        """Count one closed outcome; they come in the order of their openings."""
        w = float(2.0 ** ((entry.opened_s - _EPOCH_S) / HALF_LIFE_S))
        self.rows += 1
        if entry.r_bps > 0:
            self.wins += w
        else:
            self.losses += w
        self.r_bps += w * entry.r_bps
        block = entry.opened_s // self.block_s
        if block != self._block:
            self._block, self._newest, self._w, self._y = block, 0.0, 0.0, 0.0
            self.n_blocks += 1
        self.fresh += w - self._newest
        self._newest = w
        self._cluster(w, w * entry.r_bps)

    def _cluster(self, w: float, y: float) -> None:
        """The block grows: its old squares go, its new ones come."""
        before_w, before_y = self._w, self._y
        self._w, self._y = before_w + w, before_y + y
        self._ww += self._w**2 - before_w**2
        self._yy += self._y**2 - before_y**2
        self._wy += self._w * self._y - before_w * before_y

    @property
    def net_bps(self) -> float | None:
        """The weighted mean net result; None without a row."""
        weight = self.wins + self.losses
        return self.r_bps / weight if weight else None

    @property
    def se_bps(self) -> float | None:
        """Its cluster-robust standard error; None below two blocks."""
        mean = self.net_bps
        if mean is None or self.n_blocks < 2:
            return None
        off = max(self._yy - 2.0 * mean * self._wy + mean**2 * self._ww, 0.0)
        n = self.n_blocks
        return max(sqrt(off * n / (n - 1)) / (self.wins + self.losses), SD_FLOOR_BPS / sqrt(n))

    @staticmethod
    def scale(now_s: float) -> float:
        """What the sums are multiplied with to be weights as of now."""
        return float(2.0 ** (-(now_s - _EPOCH_S) / HALF_LIFE_S))


@dataclass(slots=True)
class Ladder:
    """The predictions of one key in order of opening, and the sums of those below the horizon line."""

    sums: Sums
    queue: deque[Entry] = field(default_factory=deque)

    def add(self, entry: Entry) -> None:
        """Take in a prediction; a straggler is put where its opening belongs."""
        queue, late = self.queue, []
        while queue and (queue[-1].opened_s, queue[-1].order) > (entry.opened_s, entry.order):
            late.append(queue.pop())
        queue.append(entry)
        queue.extend(reversed(late))

    def advance(self, known_s: int) -> None:
        """Fold all outcomes known by then that opened before the oldest prediction still open."""
        line = next((e.opened_s for e in self.queue if e.closed_s is None or e.closed_s > known_s), None)
        while self.queue and (line is None or self.queue[0].opened_s < line):
            entry = self.queue.popleft()
            if not entry.void:
                self.sums.fold(entry)
