"""A closed minute played as it may have happened: quotes from open to close through both extremes."""

from decimal import Decimal
from typing import Final

from strandloom.kinds.market import Bar, Quote

_FIGURES: Final = 8


def price(bar: Bar, share: float) -> float:
    """Where the market stands after that share of the minute: a straight line between the four points.

    A rising minute visits its low first, a falling one its high, which is the shorter way.
    """
    rising = bar.close >= bar.open
    turns = (bar.low, bar.high) if rising else (bar.high, bar.low)
    points = (bar.open, *turns, bar.close)
    leg = min(2, int(share * 3))
    return points[leg] + (points[leg + 1] - points[leg]) * (share * 3 - leg)


def quote(bar: Bar, share: float, spread: float, depth: float) -> Quote:
    """Best bid and ask at that moment, `spread` apart, with `depth` of the minute's volume on each side."""
    middle, size = price(bar, share), _decimal(bar.volume * depth)
    return Quote(
        venue=bar.venue,
        symbol=bar.symbol,
        at=bar.at,
        bid=_decimal(middle - spread / 2),
        bid_size=size,
        ask=_decimal(middle + spread / 2),
        ask_size=size,
    )


def _decimal(value: float) -> Decimal:
    return Decimal(f"{max(value, 0.0):.{_FIGURES}g}")
