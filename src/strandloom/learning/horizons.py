"""How long the predictions of each pattern may run: declared, so that blocks never change under evidence."""

from collections.abc import Mapping
from functools import lru_cache

from strandloom.learning.keys import PatternKey

LONGEST_S = 86_400  # no prediction runs longer than a day


class Horizons:
    """The declared horizons: pattern → timeframe → seconds."""

    def __init__(self, declared: Mapping[str, Mapping[str, int]]) -> None:
        for pattern, by_timeframe in declared.items():
            for timeframe, seconds in by_timeframe.items():
                if not 0 < seconds <= LONGEST_S:
                    raise ValueError(
                        f"{pattern} on {timeframe}: a horizon is 1..{LONGEST_S} s, not {seconds}"
                    )
        self._declared = declared
        self.longest_s = lru_cache(maxsize=100_000)(self._longest_s)

    def patterns(self) -> frozenset[str]:
        """Every pattern that was declared."""
        return frozenset(self._declared)

    def block_s(self, key: PatternKey) -> int:
        """The length of a block of this key: twice its longest horizon."""
        return 2 * self.longest_s(key)

    def _longest_s(self, key: PatternKey) -> int:
        if key.pattern.endswith("*"):
            family = key.pattern[:-1]
            known = [s for name, by in self._declared.items() if name.startswith(family) for s in by.values()]
            return max(known, default=LONGEST_S)
        by_timeframe = self._declared.get(key.pattern, {})
        if key.timeframe is not None:
            return by_timeframe.get(key.timeframe, LONGEST_S)
        return max(by_timeframe.values(), default=LONGEST_S)
