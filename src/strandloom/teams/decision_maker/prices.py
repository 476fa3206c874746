"""Prices as the venue takes them, and the one beyond which an entry may not trade."""

from decimal import ROUND_DOWN, ROUND_UP, Decimal
from functools import lru_cache

from strandloom.kinds.plan import Side

CROSSING_BPS = Decimal(20)  # how far beyond the reference a crossing entry may trade
SIGNIFICANT = 5  # figures of a price


def worst(reference: Decimal, side: Side) -> Decimal:
    """The bound of an entry that crosses the spread."""
    beyond = reference * CROSSING_BPS / 10_000
    return reference + beyond if side == "buy" else reference - beyond


def level(value: float, *, up: bool) -> Decimal:
    """A level at five significant figures, rounded down for `up`: a long's stop or a short's target."""
    exact = Decimal(repr(value))
    step = _power_of_ten(exact.adjusted() - SIGNIFICANT + 1)
    return (exact / step).to_integral_value(ROUND_DOWN if up else ROUND_UP) * step


@lru_cache(maxsize=64)
def _power_of_ten(exponent: int) -> Decimal:
    return Decimal(1).scaleb(exponent)
