"""What a feature is, and the families that work out several of them from the same bars."""

from collections.abc import Callable
from dataclasses import dataclass

from strandloom.indicators.frame import DAY_MINUTES, Floats, Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Features that share their bars: `compute` gets look-back + n − 1 bars and answers n columns of each."""

    name: str
    features: dict[str, str]  # name -> one sentence
    compute: Callable[[Frame], tuple[Floats, ...]]
    bars: int  # look-back in bars …
    days: int = 0  # … plus this many whole days of them
    only: int | None = None  # minutes of the one timeframe for which it makes sense

    def lookback(self, bar_minutes: int) -> int:
        """Bars that a value depends on, the newest among them."""
        return self.bars + self.days * (DAY_MINUTES // bar_minutes)
