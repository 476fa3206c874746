"""Running sums of one pattern key, folded in order of opening, so that a rebuild gives the same numbers."""

from array import array
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from math import sqrt
from operator import attrgetter

from strandloom.learning.recent import Recent
from strandloom.scoring.evidence import HALF_LIFE_S, SD_FLOOR_BPS
from strandloom.scoring.resonance import ALPHA, WINDOW_BLOCKS
from strandloom.scoring.tally import EPOCH_S, FIELDS, scale

_KEEP = 1.0 - ALPHA
REMEMBERED_BLOCKS = 256  # of a leaf key: what correlations are taken over


@dataclass(slots=True, eq=False)
class Entry:
    """One prediction as evidence: open until `closed_s` is set; a void one counts for nothing."""

    opened_s: int
    order: int
    closed_s: int | None = None
    void: bool = False
    r_bps: float = 0.0
    loss_p: float = 0.0  # squared errors of the forecast and of the reference rate
    loss_base: float = 0.0
    w: float = 0.0  # weight relative to the epoch

    def close(self, closed_s: int, r_bps: float, p: float, base: float) -> None:
        """Its outcome, and what was forecast before."""
        y = 1.0 if r_bps > 0 else 0.0
        self.r_bps, self.closed_s = r_bps, closed_s
        self.loss_p, self.loss_base = (p - y) ** 2, (base - y) ** 2
        self.w = float(2.0 ** ((self.opened_s - EPOCH_S) / HALF_LIFE_S))


@dataclass(slots=True)
class History:
    """A leaf key's finished blocks, oldest first: number and mean net result."""

    block: "array[int]" = field(default_factory=lambda: array("q"))
    mean: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, block: int, mean: float) -> None:
        self.block.append(block)
        self.mean.append(mean)
        if len(self.block) >= 2 * REMEMBERED_BLOCKS:
            del self.block[:REMEMBERED_BLOCKS], self.mean[:REMEMBERED_BLOCKS]


@dataclass(slots=True)
class Sums:
    """What a key's counted outcomes add up to; `scoring/tally.py` says what each field is."""

    block_s: int
    keeps: bool = False  # its blocks, one by one: leaf keys do
    history: History | None = None
    rows: int = 0
    n_blocks: int = 0
    wins: float = 0.0
    losses: float = 0.0
    r_bps: float = 0.0
    fresh: float = 0.0
    ww: float = 0.0
    yy: float = 0.0
    wy: float = 0.0
    loss_p: float = 0.0
    loss_base: float = 0.0
    shift: float = 0.0
    ew: float = 0.0
    eww: float = 0.0
    ed: float = 0.0
    ewd: float = 0.0
    edd: float = 0.0
    last1: float = 0.0
    last2: float = 0.0
    old1: float = 0.0
    old2: float = 0.0
    held: int = 0
    sign: int = 0
    k1: float = 0.0
    k2: float = 0.0
    kr: float = 0.0
    block: int = -1
    newest: float = 0.0
    w: float = 0.0
    y: float = 0.0
    b_rows: int = 0
    b_gain: float = 0.0
    b_r: float = 0.0

    def fold(self, entry: Entry) -> None:
        """Count one closed outcome; they come in the order of their openings."""
        w, r = entry.w, entry.r_bps
        self.rows += 1
        if r > 0:
            self.wins += w
        else:
            self.losses += w
        self.r_bps += w * r
        self.loss_p += entry.loss_p
        self.loss_base += entry.loss_base
        block = entry.opened_s // self.block_s
        if block != self.block:
            self._begin(block)
        self.fresh += w - self.newest
        self.newest = w
        self.b_rows += 1
        self.b_gain += entry.loss_base - entry.loss_p
        self.b_r += r
        self._cluster(self.w + w, self.y + w * r)

    def _begin(self, block: int) -> None:
        """The block before is finished."""
        if self.n_blocks:
            self._finish()
        self.block, self.newest, self.w, self.y = block, 0.0, 0.0, 0.0
        self.b_rows, self.b_gain, self.b_r = 0, 0.0, 0.0
        self.n_blocks += 1

    def _cluster(self, w: float, y: float) -> None:
        """The block grows: its old squares go, its new ones come."""
        before_w, before_y = self.w, self.y
        self.w, self.y = w, y
        self.ww += w * w - before_w * before_w
        self.yy += y * y - before_y * before_y
        self.wy += w * y - before_w * before_y

    def _finish(self) -> None:
        skill, mean = self.b_gain / self.b_rows, self.b_r / self.b_rows
        if self.n_blocks == 1:
            self.shift = skill
        d = skill - self.shift
        self.k1 += d
        self.k2 += d * d
        self.kr += mean
        if self.keeps:
            self.history = self.history or History()
            self.history.add(self.block, mean)
        if self.n_blocks % WINDOW_BLOCKS == 0:
            self._close_window()

    def _close_window(self) -> None:
        self.ew = _KEEP * self.ew + WINDOW_BLOCKS
        self.eww = _KEEP**2 * self.eww + WINDOW_BLOCKS
        self.ed = _KEEP * self.ed + self.k1
        self.ewd = _KEEP**2 * self.ewd + self.k1
        self.edd = _KEEP**2 * self.edd + self.k2
        self.old1, self.old2 = self.old1 + self.last1, self.old2 + self.last2
        self.last1, self.last2 = self.k1, self.k2
        sign = (self.kr > 0) - (self.kr < 0)
        if self.n_blocks > WINDOW_BLOCKS and sign == self.sign:
            self.held += 1
        self.sign, self.k1, self.k2, self.kr = sign, 0.0, 0.0, 0.0

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
        off = max(self.yy - 2.0 * mean * self.wy + mean**2 * self.ww, 0.0)
        n = self.n_blocks
        return max(sqrt(off * n / (n - 1)) / (self.wins + self.losses), SD_FLOOR_BPS / sqrt(n))

    @staticmethod
    def scale(now_s: float) -> float:
        """What the sums are multiplied with to be weights as of now."""
        return scale(now_s)


state: Callable[[Sums], tuple[float, ...]] = attrgetter(*FIELDS)
"""The fields of a tally, in their order."""


def _place(entry: Entry) -> tuple[int, int]:
    return entry.opened_s, entry.order


@dataclass(slots=True)
class Ladder:
    """The predictions of one key in order of opening, and the sums of those below the horizon line."""

    sums: Sums
    queue: list[Entry] = field(default_factory=list)
    recent: Recent | None = None

    def add(self, entry: Entry) -> None:
        """Take in a prediction; a straggler is put where its opening belongs."""
        queue = self.queue
        if not queue or queue[-1].opened_s < entry.opened_s:
            queue.append(entry)
        else:
            insort(queue, entry, key=_place)

    def advance(self, known_s: int) -> None:
        """Fold all outcomes known by then that opened before the oldest prediction still open."""
        queue, ready = self.queue, 0
        for entry in queue:
            if entry.closed_s is None or entry.closed_s > known_s:
                break
            ready += 1
        while 0 < ready < len(queue) and queue[ready - 1].opened_s >= queue[ready].opened_s:
            ready -= 1  # who opened with the one that holds the line waits with it
        if ready:
            self._fold(queue[:ready])
            del queue[:ready]

    def _fold(self, entries: list[Entry]) -> None:
        for entry in entries:
            if not entry.void:
                self.sums.fold(entry)
                if self.recent is not None:
                    self.recent.add(entry.r_bps, self.sums.n_blocks)
