"""What the forecaster needs to know from learning: how often a pattern came true so far."""

from typing import Protocol

from strandloom.learning.book import Prior
from strandloom.learning.keys import PatternKey
from strandloom.learning.standings import Standings


class Priors(Protocol):
    """The book of evidence, as of the minute before the one that asks."""

    @property
    def standings(self) -> Standings:
        """φ, ρ, θ and R of the keys, as of the minute before the one that asks."""
        ...

    def prior(self, leaf: PatternKey, minute_s: int, cost_bps: float) -> Prior:
        """What the minute that opened at `minute_s` may know of a fully scoped key."""
        ...
