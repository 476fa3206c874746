"""Which prices and sizes the venue accepts, and the nearest one to a wish."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Final

SIGNIFICANT_FIGURES: Final = 5
PERP_DECIMALS: Final = 6  # minus szDecimals


def price_step(price: Decimal, sz_decimals: int) -> Decimal:
    """The distance between legal prices around `price`; whole numbers are always legal."""
    return _step(price.adjusted(), sz_decimals)


@lru_cache(maxsize=1_000)
def _step(magnitude: int, sz_decimals: int) -> Decimal:
    by_figures = magnitude - (SIGNIFICANT_FIGURES - 1)
    by_decimals = sz_decimals - PERP_DECIMALS
    return Decimal(1).scaleb(min(0, max(by_figures, by_decimals)))


def is_legal_price(price: Decimal, sz_decimals: int) -> bool:
    """At most five significant figures and 6 − szDecimals decimals, or a whole number."""
    return price.is_finite() and price > 0 and price % price_step(price, sz_decimals) == 0


def is_legal_size(size: Decimal, sz_decimals: int) -> bool:
    """A positive multiple of the lot."""
    return size.is_finite() and size > 0 and size % lot(sz_decimals) == 0


def lot(sz_decimals: int) -> Decimal:
    """The smallest size."""
    return Decimal(1).scaleb(-sz_decimals)


def nearest_price(price: Decimal, sz_decimals: int) -> Decimal:
    """The legal price closest to `price`."""
    return _rounded(price, sz_decimals, ROUND_HALF_EVEN)


def price_at_most(price: Decimal, sz_decimals: int) -> Decimal:
    """The highest legal price that is not above `price`: for a buyer's limit."""
    return _rounded(price, sz_decimals, ROUND_FLOOR)


def price_at_least(price: Decimal, sz_decimals: int) -> Decimal:
    """The lowest legal price that is not below `price`: for a seller's limit."""
    return _rounded(price, sz_decimals, ROUND_CEILING)


def size_at_most(size: Decimal, sz_decimals: int) -> Decimal:
    """The largest legal size that does not exceed `size`; zero when there is none."""
    return size.quantize(lot(sz_decimals), rounding=ROUND_DOWN)


def _rounded(price: Decimal, sz_decimals: int, rounding: str) -> Decimal:
    return price.quantize(price_step(price, sz_decimals), rounding=rounding)
