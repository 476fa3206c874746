"""What the forecaster needs to know from learning: how often a pattern came true so far."""

from typing import Protocol

from strandloom.learning.book import Prior
from strandloom.learning.keys import PatternKey


class Priors(Protocol):
    """The book of evidence, as of the minute before the one that asks."""

    def prior(self, leaf: PatternKey, minute_s: int, cost_bps: float) -> Prior:
        """What the minute that opened at `minute_s` may know of a fully scoped key."""
        ...
