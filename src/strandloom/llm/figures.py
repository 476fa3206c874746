"""How a number is spelled wherever words are written about it: short, and the same for every writer."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import isfinite

Number = int | float | Decimal
SIGNIFICANT = 4
UNKNOWN = "not known"


def spelled(value: Number | None) -> str:
    """Whole numbers as they are, others with at least four significant digits; never with an exponent."""
    if value is None or not isfinite(value):
        return UNKNOWN
    if isinstance(value, int):
        return str(int(value))
    exact = (value if isinstance(value, Decimal) else Decimal(repr(float(value)))) + 0  # no minus zero
    places = max(SIGNIFICANT - 1 - exact.adjusted(), 0) if exact else 0
    text = f"{exact:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(name: str | Sequence[str]) -> str:
    """One name, or several with commas."""
    return name if isinstance(name, str) else ", ".join(name) or "none"


def filled(
    template: str, numbers: Mapping[str, Number | None], names: Mapping[str, str | Sequence[str]]
) -> str:
    """The template with its `{name}` places filled; a place that nobody knows is a fault of ours."""
    values = {place: listed(name) for place, name in names.items()}
    values |= {place: spelled(number) for place, number in numbers.items()}
    return template.format_map(values)
