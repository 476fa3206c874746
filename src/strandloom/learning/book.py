"""The book of evidence: what is known of every pattern key, as of the minute before the one that asks."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from scipy.special import betaincinv

from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import PatternKey, scopes
from strandloom.learning.ladder import Entry, Ladder, Sums
from strandloom.scoring.success import KAPPA, P_HIGH, P_LOW, ROOT_LOSSES, ROOT_WINS


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What the evidence says before a prediction is made."""

    p: float  # probability that the net result is above zero
    reference_rate: float  # the same, knowing only the family
    expected_bps: float  # net, shrunk like p
    n: int
    n_blocks: int
    fresh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a key's evidence comes to now."""

    key: PatternKey
    n: int
    n_blocks: int
    fresh: float
    sr: float
    sr_low: float
    net_bps: float | None
    se_bps: float | None


class Book:
    """All keys' ladders.  A projection of predictions and outcomes: taking one in twice changes nothing."""

    def __init__(self, horizons: Horizons) -> None:
        self._horizons = horizons
        self._ladders: dict[PatternKey, Ladder] = {}
        self._entries: dict[Hashable, Entry] = {}

    def opened(self, name: Hashable, leaf: PatternKey, opened_s: int) -> None:
        """A prediction was posted; until it closes it holds back its keys' horizon lines."""
        if name in self._entries:
            return
        entry = self._entries[name] = Entry(opened_s=opened_s, order=hash_order(name))
        for key in scopes(leaf):
            self._ladder(key).add(entry)

    def closed(self, name: Hashable, closed_s: int, r_bps: float) -> None:
        """Its outcome."""
        entry = self._entries.get(name)
        if entry is not None and entry.closed_s is None:
            entry.r_bps, entry.closed_s = r_bps, closed_s

    def void(self, name: Hashable, at_s: int) -> None:
        """It will have no outcome."""
        entry = self._entries.get(name)
        if entry is not None and entry.closed_s is None:
            entry.void, entry.closed_s = True, at_s

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

    def score(self, key: PatternKey, now_s: int) -> Score:
        """A key's own numbers, for tables and people."""
        sums = self._counted(key, now_s)
        scale = sums.scale(now_s)
        wins, losses = _in_blocks(sums, scale)
        a, b = ROOT_WINS + wins, ROOT_LOSSES + losses
        if key.parent is not None:
            rate, _, _ = self._inherited(key, sums, now_s, 0.0)
            a, b = KAPPA * rate + wins, KAPPA * (1.0 - rate) + losses
        return Score(
            key=key,
            n=sums.rows,
            n_blocks=sums.n_blocks,
            fresh=sums.fresh * scale,
            sr=a / (a + b),
            sr_low=float(betaincinv(a, b, 0.10)),
            net_bps=sums.net_bps,
            se_bps=sums.se_bps,
        )

    def forget_closed(self, before_s: int) -> None:
        """Drop the names of what closed long ago; their sums stay."""
        done = [name for name, e in self._entries.items() if e.closed_s is not None and e.closed_s < before_s]
        for name in done:
            del self._entries[name]

    def keys(self) -> Iterable[PatternKey]:
        """Every key that has had a prediction."""
        return self._ladders.keys()

    def _ladder(self, key: PatternKey) -> Ladder:
        ladder = self._ladders.get(key)
        if ladder is None:
            ladder = self._ladders[key] = Ladder(Sums(block_s=self._horizons.block_s(key)))
        return ladder

    def _counted(self, key: PatternKey, known_s: int) -> Sums:
        ladder = self._ladders.get(key)
        if ladder is None:
            return Sums(block_s=self._horizons.block_s(key))
        ladder.advance(known_s)
        return ladder.sums

    def _inherited(
        self, key: PatternKey, own: Sums, known_s: int, prior_bps: float
    ) -> tuple[float, float, float]:
        """Rate, mean and weight in blocks of the nearest ancestor that holds more than the key itself."""
        above = key.parent
        while above is not None:
            sums = self._counted(above, known_s)
            wins, losses = sums.wins - own.wins, sums.losses - own.losses
            if sums.rows > own.rows and wins + losses > 0.0:
                rate = min(max(wins / (wins + losses), P_LOW), P_HIGH)
                blocks = (wins + losses) * sums.scale(known_s) * sums.n_blocks / sums.rows
                return rate, (sums.r_bps - own.r_bps) / (wins + losses), blocks
            above = above.parent
        return ROOT_WINS / (ROOT_WINS + ROOT_LOSSES), prior_bps, 0.0

    def _family_rate(self, leaf: PatternKey, known_s: int) -> float:
        family = PatternKey(pattern=f"{leaf.pattern.split('.')[0]}.*")
        sums = self._counted(family, known_s)
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
