"""Pattern keys: a pattern with a scope, in one canonical spelling, and the ladder of its parents."""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

ROOT_NAME = "*"


class PatternKey(NamedTuple):
    """A pattern (or a family `volume.*`, or the root `*`) within a scope; None means any."""

    pattern: str
    direction: str | None = None
    symbol: str | None = None
    timeframe: str | None = None
    regime: str | None = None
    session: str | None = None

    def __str__(self) -> str:
        """The canonical spelling: `volume.spike:up|symbol=BTC|timeframe=5m`."""
        name = f"{self.pattern}:{self.direction}" if self.direction else self.pattern
        scope = (
            ("symbol", self.symbol),
            ("timeframe", self.timeframe),
            ("regime", self.regime),
            ("session", self.session),
        )
        return "|".join([name, *(f"{what}={value}" for what, value in scope if value is not None)])

    @staticmethod
    def parse(text: str) -> "PatternKey":
        """The key of a canonical spelling."""
        name, *scope = text.split("|")
        pattern, _, direction = name.partition(":")
        values = dict(part.split("=", 1) for part in scope)
        return PatternKey(pattern=pattern, direction=direction or None, **values)

    @property
    def parent(self) -> "PatternKey | None":
        """One dimension fewer: session, regime, timeframe, symbol; then the family; then the root."""
        if self.session is not None:
            return self._replace(session=None)
        if self.regime is not None:
            return self._replace(regime=None)
        if self.timeframe is not None:
            return self._replace(timeframe=None)
        if self.symbol is not None:
            return self._replace(symbol=None)
        if self.pattern == ROOT_NAME:
            return None
        if self.pattern.endswith(".*"):
            return ROOT
        return family_of(self.pattern)


ROOT = PatternKey(pattern=ROOT_NAME)


@lru_cache(maxsize=10_000)
def family_of(pattern: str) -> PatternKey:
    """The key of the family of a pattern: `volume.*`."""
    return PatternKey(pattern=f"{pattern.split('.')[0]}.*")


@lru_cache(maxsize=100_000)
def scopes(leaf: PatternKey) -> tuple[PatternKey, ...]:
    """Every key that an outcome of this fully scoped key is evidence for: all subsets, family and root."""
    on_off = product((False, True), repeat=4)
    subsets = tuple(
        PatternKey(
            pattern=leaf.pattern,
            direction=leaf.direction,
            symbol=leaf.symbol if symbol else None,
            timeframe=leaf.timeframe if timeframe else None,
            regime=leaf.regime if regime else None,
            session=leaf.session if session else None,
        )
        for symbol, timeframe, regime, session in on_off
    )
    return (*subsets, family_of(leaf.pattern), ROOT)
