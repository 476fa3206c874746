"""Every pattern key's ladder, numbered, with who is whose parent: what all keys are scored from."""

from collections.abc import Iterable, Iterator

import numpy as np

from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import ROOT_NAME, PatternKey
from strandloom.learning.ladder import Ladder, Sums, state
from strandloom.learning.recent import Recent
from strandloom.scoring.evidence import Ints
from strandloom.scoring.key_scores import NONE, Kinship
from strandloom.scoring.tally import FIELDS, Tally

_DIMENSIONS = ("pattern", "direction", "symbol", "timeframe", "regime", "session")
_TIMEFRAME = 4  # its bit among symbol, timeframe, regime, session


class Shelf:
    """Grows by whole leaves: a leaf's parents stand before it."""

    def __init__(self, horizons: Horizons) -> None:
        self._horizons = horizons
        self.keys: list[PatternKey] = []
        self.ladders: list[Ladder] = []
        self.number: dict[PatternKey, int] = {}
        self._parent: list[int] = []
        self._owner: list[int] = []
        self._scales: dict[int, list[int]] = {}
        self._by_parts: dict[tuple[str | None, ...], int] = {}
        self._of_leaf: dict[PatternKey, tuple[int, ...]] = {}

    def of(self, leaf: PatternKey) -> tuple[int, ...]:
        """The numbers of every key that an outcome of this leaf is evidence for: root, family, subsets."""
        numbers = self._of_leaf.get(leaf)
        if numbers is None:
            numbers = self._of_leaf[leaf] = self._put(leaf)
        return numbers

    def _put(self, leaf: PatternKey) -> tuple[int, ...]:
        """Whoever is missing gets a number and a ladder; parents come first."""
        family_name = f"{leaf.pattern.split('.')[0]}.*"
        root = self._numbered((ROOT_NAME,), NONE, NONE, NONE)
        family = self._numbered((family_name,), NONE, root, NONE)
        subsets: list[int] = []
        for mask in range(16):
            parts = (
                leaf.pattern,
                leaf.direction,
                leaf.symbol if mask & 8 else None,
                leaf.timeframe if mask & _TIMEFRAME else None,
                leaf.regime if mask & 2 else None,
                leaf.session if mask & 1 else None,
            )
            parent = subsets[mask & (mask - 1)] if mask else family  # without its last dimension
            owner = subsets[mask & ~_TIMEFRAME] if mask & _TIMEFRAME else NONE
            subsets.append(self._numbered(parts, mask, parent, owner))
        return root, family, *subsets

    def _numbered(self, parts: tuple[str | None, ...], mask: int, parent: int, owner: int) -> int:
        known = self._by_parts.get(parts)
        if known is not None:
            return known
        number = self._by_parts[parts] = len(self.keys)
        key = PatternKey(**dict(zip(_DIMENSIONS, parts, strict=False)))  # type: ignore[arg-type]
        self.number[key] = number
        self.keys.append(key)
        self.ladders.append(self._ladder(key))
        self._parent.append(parent)
        self._owner.append(number if owner == NONE and mask != NONE else owner)
        if owner != NONE:
            self._scales.setdefault(owner, []).append(number)
        return number

    def ladder(self, key: PatternKey) -> Ladder | None:
        """The key's ladder, if it ever had a prediction."""
        number = self.number.get(key)
        return None if number is None else self.ladders[number]

    def above(self, key: PatternKey) -> Iterator[Ladder]:
        """The ladders of those of its ancestors that ever had a prediction, the nearest first."""
        number = self.number.get(key)
        while number is None and (parent := key.parent) is not None:
            key, number = parent, self.number.get(parent)
            if number is not None:
                yield self.ladders[number]
        while number is not None and (number := self._parent[number]) != NONE:
            yield self.ladders[number]

    def block_s(self, key: PatternKey) -> int:
        """The length of a block of this key."""
        return self._horizons.block_s(key)

    def kin_of(self, numbers: Iterable[int]) -> Ints:
        """These keys, their ancestors, and the timeframes that their φ is made of; in order."""
        found: set[int] = set()
        for number in numbers:
            while number != NONE and number not in found:
                found.add(number)
                found.update(self._scales.get(self._owner[number], ()))
                found.add(max(self._owner[number], 0))
                number = self._parent[number]
        return np.array(sorted(found), dtype=np.int64)

    def kinship(self, numbers: Ints) -> Kinship:
        """Who inherits from whom among these; who is not among them counts as nobody."""
        every = numbers.tolist()
        owner = np.array([self._owner[n] for n in every], dtype=np.int64)
        return Kinship(
            parent=_among(numbers, np.array([self._parent[n] for n in every], dtype=np.int64)),
            owner=_among(numbers, owner),
            is_scale=((owner != NONE) & (owner != numbers)).astype(np.int64),
        )

    def tally(self, numbers: Ints, known_s: int) -> Tally:
        """What was known of these keys at a moment."""
        states = []
        for number in numbers.tolist():
            ladder = self.ladders[number]
            if ladder.queue:
                ladder.advance(known_s)
            states.append(state(ladder.sums))
        columns = np.array(states, dtype=np.float64).reshape(-1, len(FIELDS)).T
        return dict(zip(FIELDS, columns, strict=True))

    def _ladder(self, key: PatternKey) -> Ladder:
        recent = Recent() if surprises(key) else None
        return Ladder(Sums(block_s=self._horizons.block_s(key), keeps=is_leaf(key)), recent=recent)


def is_leaf(key: PatternKey) -> bool:
    """Fully scoped."""
    return None not in (key.symbol, key.timeframe, key.regime, key.session)


def surprises(key: PatternKey) -> bool:
    """Surprise is measured per pattern, direction, symbol and timeframe: where results are of one size."""
    return key.symbol is not None and key.timeframe is not None and key.regime is key.session is None


def _among(numbers: Ints, wanted: Ints) -> Ints:
    """The place of each wanted number among these, −1 where it is not there."""
    place = np.minimum(np.searchsorted(numbers, wanted), numbers.size - 1)
    return np.where((wanted != NONE) & (numbers[place] == wanted), place, NONE)
