"""How decimal numbers are spelt on the wire: bare when hashed, with a point when the venue answers."""

from decimal import Decimal, InvalidOperation
from typing import Final

MAX_DECIMALS: Final = 8
_USD_UNIT: Final = Decimal(1_000_000)


def bare(value: Decimal) -> str:
    """`Decimal("100.10")` as `100.1`: the only spelling that gives the venue's hash.

    A value with more than 8 decimals is refused: quantise it first, on purpose.
    """
    if not value.is_finite():
        raise ValueError(f"{value} cannot be sent: it is not a number")
    if value == 0:
        return "0"
    short = value.normalize()
    if _decimals(short) > MAX_DECIMALS:
        raise ValueError(f"{value} has more than {MAX_DECIMALS} decimals; round it before sending")
    return f"{short:f}"


def pointed(value: Decimal) -> str:
    """`Decimal("1980")` as `1980.0`: the spelling of the venue's answers."""
    text = bare(value)
    return text if "." in text else f"{text}.0"


def parse(text: str) -> Decimal:
    """A number that the venue or a client sent as text; refuses whatever is no plain finite number."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a decimal number") from None
    if not value.is_finite() or not set(text) <= _PLAIN or _decimals(value.normalize()) > MAX_DECIMALS:
        raise ValueError(f"{text!r} is not a decimal number with at most {MAX_DECIMALS} decimals")
    return value


def usd_units(value: Decimal) -> int:
    """Dollars as the whole millionths that margin transfers carry."""
    units = value * _USD_UNIT
    if units != int(units):
        raise ValueError(f"{value} USDC has more than 6 decimals; round it before sending")
    return int(units)


_PLAIN: Final = frozenset("0123456789.-")


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else MAX_DECIMALS + 1
