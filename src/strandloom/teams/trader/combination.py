"""Ways of sending an order: venue, style, volatility, spread and size in words, from fine to coarse."""

from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from strandloom.basics.quick import quick
from strandloom.kinds.performance import Size, Spread, Style, Volatility
from strandloom.learning.executions import way_key

TIGHT_BPS, WIDE_BPS = 1.0, 5.0  # half the spread
SIZES: tuple[tuple[float, Size], ...] = ((1_000.0, "tiny"), (10_000.0, "small"), (100_000.0, "medium"))
_STYLES: dict[str, Style] = {"maker": "maker", "taker": "taker", "sliced": "sliced"}


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Everything that decides what an order should cost; its keys are a ladder from fine to coarse."""

    venue: str
    style: Style
    volatility: Volatility
    spread: Spread
    size: Size

    @property
    def keys(self) -> tuple[str, str, str, str]:
        """The combination itself, then without spread and size, without volatility, without style."""
        coarse = way_key(self.venue, self.style, self.volatility)
        return f"{coarse}|{self.spread}|{self.size}", coarse, f"{self.venue}|{self.style}", self.venue

    @property
    def family(self) -> tuple[str, ...]:
        """The keys of all who differ from it in style, volatility and size alone, in order."""
        return _family(self.venue, self.spread)

    @property
    def pattern(self) -> str:
        """As evidence is filed: its regime is volatility and spread, its session the size."""
        return f"execution.{self.style}@{self.venue}"

    @property
    def regime(self) -> str:
        return f"{self.volatility}_{self.spread}"


def style_of(name: str) -> Style:
    """What is neither maker nor sliced crosses the spread."""
    return _STYLES.get(name, "taker")


def volatility_of(regime: str | None) -> Volatility:
    """The volatility half of a regime's name; normal where none is known."""
    words = (regime or "").split("_")
    return "quiet" if "quiet" in words else "wild" if "wild" in words else "normal"


def spread_of(half_spread_bps: float | None) -> Spread:
    """Tight, normal or wide; normal where it is not known."""
    if half_spread_bps is None:
        return "normal"
    return "tight" if half_spread_bps < TIGHT_BPS else "normal" if half_spread_bps < WIDE_BPS else "wide"


def size_of(notional_usd: float) -> Size:
    """By what the order is worth."""
    for below, name in SIZES:
        if notional_usd < below:
            return name
    return "large"


@lru_cache(maxsize=1_000)
def _family(venue: str, spread: Spread) -> tuple[str, ...]:
    alike = (
        Combination(venue=venue, style=style, volatility=volatility, spread=spread, size=size)
        for style in _STYLES.values()
        for volatility in get_args(Volatility)
        for size in get_args(Size)
    )
    return tuple(sorted({key for one in alike for key in one.keys}))
