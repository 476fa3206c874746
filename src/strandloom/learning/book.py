"""The book of evidence: what is known of every pattern key, as of the minute before the one that asks."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np

from strandloom.basics.quick import quick
from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import PatternKey, family_of
from strandloom.learning.ladder import Entry, Sums
from strandloom.learning.scored import Scored, told
from strandloom.learning.shelf import Shelf
from strandloom.learning.standings import Standings
from strandloom.scoring.evidence import Ints
from strandloom.scoring.key_scores import key_scores
from strandloom.scoring.success import KAPPA, P_HIGH, P_LOW, ROOT_LOSSES, ROOT_WINS


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What the evidence says before a prediction is made."""

    p: float  # probability that the net result is above zero
    reference_rate: float  # the same, knowing only the family
    expected_bps: float  # net, shrunk like p
    n: int
    n_blocks: int
    fresh: float


class Book:
    """All keys' ladders.  A projection of predictions and outcomes: taking one in twice changes nothing."""

    def __init__(self, horizons: Horizons) -> None:
        self.shelf = Shelf(horizons)
        self.standings = Standings()
        self._entries: dict[Hashable, tuple[Entry, PatternKey]] = {}
        self._touched: dict[PatternKey, int] = {}  # leaf → when its newest outcome closed

    def opened(self, name: Hashable, leaf: PatternKey, opened_s: int) -> None:
        """A prediction was posted; until it closes it holds back its keys' horizon lines."""
        if name in self._entries:
            return
        entry = Entry(opened_s=opened_s, order=hash_order(name))
        self._entries[name] = entry, leaf
        for number in self.shelf.of(leaf):
            self.shelf.ladders[number].add(entry)

    def closed(self, name: Hashable, closed_s: int, r_bps: float, p: float = 0.5, base: float = 0.5) -> None:
        """Its outcome, the forecast that was written down before, and the reference rate."""
        entry, leaf = self._entries.get(name, (None, None))
        if entry is not None and leaf is not None and entry.closed_s is None:
            entry.close(closed_s, r_bps, p, base)
            self._touched[leaf] = closed_s

    def void(self, name: Hashable, at_s: int) -> None:
        """It will have no outcome."""
        entry, _ = self._entries.get(name, (None, None))
        if entry is not None and entry.closed_s is None:
            entry.void, entry.closed_s = True, at_s

    def remember(self, name: Hashable, entry: Entry, leaf: PatternKey) -> None:
        """An entry that was counted, or put into its ladders, already."""
        self._entries[name] = entry, leaf

    def prior(self, leaf: PatternKey, minute_s: int, cost_bps: float) -> Prior:
        """What the minute that opened at `minute_s` may know of a fully scoped key: outcomes before it."""
        sums = self._counted(leaf, minute_s)
        rate, mean, weight = self._inherited(leaf, sums, minute_s, -cost_bps)
        rate = (ROOT_WINS + weight * rate) / (ROOT_WINS + ROOT_LOSSES + weight)
        mean = (-cost_bps * KAPPA + weight * mean) / (KAPPA + weight)
        scale = sums.scale(minute_s)
        wins, losses = _in_blocks(sums, scale)
        own = sums.net_bps or 0.0
        return Prior(
            p=(KAPPA * rate + wins) / (KAPPA + wins + losses),
            reference_rate=self._family_rate(leaf, minute_s),
            expected_bps=(KAPPA * mean + sums.n_blocks * own) / (KAPPA + sums.n_blocks),
            n=sums.rows,
            n_blocks=sums.n_blocks,
            fresh=sums.fresh * scale,
        )

    def scores(self, keys: Iterable[PatternKey], now_s: int) -> list[Scored]:
        """These keys' own numbers as of a moment; keys without a prediction are left out."""
        wanted = [number for key in keys if (number := self.shelf.number.get(key)) is not None]
        return self._scored(self.shelf.kin_of(wanted), np.array(wanted, dtype=np.int64), now_s)

    def all_scores(self, now_s: int) -> list[Scored]:
        """Every key's numbers as of a moment."""
        numbers = np.arange(len(self.shelf.keys))
        return self._scored(numbers, numbers, now_s)

    def seasoned(self, fewest_blocks: int) -> list[PatternKey]:
        """The keys with so many blocks."""
        shelf = self.shelf
        return [
            key
            for key, ladder in zip(shelf.keys, shelf.ladders, strict=True)
            if ladder.sums.n_blocks >= fewest_blocks
        ]

    def score(self, key: PatternKey, now_s: int) -> Scored | None:
        """One key's numbers; None if it never had a prediction."""
        return next(iter(self.scores([key], now_s)), None)

    def surprise(self, wide: PatternKey, r_bps: float, known_s: int) -> float | None:
        """How surprising a result is among those of a pattern, direction, symbol and timeframe."""
        ladder = self.shelf.ladder(wide)
        if ladder is None or ladder.recent is None:
            return None
        ladder.advance(known_s)
        return ladder.recent.of(r_bps)

    def touched_s(self) -> int | None:
        """When the oldest outcome closed that nobody has asked for yet."""
        return min(self._touched.values(), default=None)

    def take_touched(self, known_s: int) -> list[PatternKey]:
        """The leaves with outcomes by then that were not asked for yet."""
        leaves = [leaf for leaf, closed_s in self._touched.items() if closed_s <= known_s]
        for leaf in leaves:
            del self._touched[leaf]
        return leaves

    def forget_closed(self, before_s: int) -> None:
        """Drop the names of what closed long ago; their sums stay."""
        done = [
            name
            for name, (entry, _) in self._entries.items()
            if entry.closed_s is not None and entry.closed_s < before_s
        ]
        for name in done:
            del self._entries[name]

    def keys(self) -> Iterable[PatternKey]:
        """Every key that has had a prediction."""
        return self.shelf.keys

    def _scored(self, kin: Ints, wanted: Ints, now_s: int) -> list[Scored]:
        """The wanted ones, worked out among all that they depend on."""
        if not wanted.size:
            return []
        shelf, theta = self.shelf, self.standings.theta
        scores = key_scores(shelf.tally(kin, now_s), shelf.kinship(kin), now_s, theta or 0.0)
        every = wanted.tolist()
        return told(
            [shelf.keys[number] for number in every],
            scores,
            np.searchsorted(kin, wanted),
            theta,
            [recent.surprise if (recent := shelf.ladders[n].recent) else None for n in every],
        )

    def _counted(self, key: PatternKey, known_s: int) -> Sums:
        ladder = self.shelf.ladder(key)
        if ladder is None:
            return Sums(block_s=self.shelf.block_s(key))
        ladder.advance(known_s)
        return ladder.sums

    def _inherited(
        self, key: PatternKey, own: Sums, known_s: int, prior_bps: float
    ) -> tuple[float, float, float]:
        """Rate, mean and weight in blocks of the nearest ancestor that holds more than the key itself."""
        for above in self.shelf.above(key):
            above.advance(known_s)
            sums = above.sums
            wins, losses = sums.wins - own.wins, sums.losses - own.losses
            if sums.rows > own.rows and wins + losses > 0.0:
                rate = min(max(wins / (wins + losses), P_LOW), P_HIGH)
                blocks = (wins + losses) * sums.scale(known_s) * sums.n_blocks / sums.rows
                return rate, (sums.r_bps - own.r_bps) / (wins + losses), blocks
        return ROOT_WINS / (ROOT_WINS + ROOT_LOSSES), prior_bps, 0.0

    def _family_rate(self, leaf: PatternKey, known_s: int) -> float:
        sums = self._counted(family_of(leaf.pattern), known_s)
        wins, losses = _in_blocks(sums, sums.scale(known_s))
        return (ROOT_WINS + wins) / (ROOT_WINS + ROOT_LOSSES + wins + losses)


def _in_blocks(sums: Sums, scale: float) -> tuple[float, float]:
    """Wins and losses in block units."""
    if not sums.rows:
        return 0.0, 0.0
    unit = scale * sums.n_blocks / sums.rows
    return sums.wins * unit, sums.losses * unit


def hash_order(name: Hashable) -> int:
    """A fixed order among openings of the same minute: the name itself, as a number."""
    return getattr(name, "int", None) or int.from_bytes(str(name).encode(), "big")
