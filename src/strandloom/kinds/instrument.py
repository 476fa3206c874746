"""What is fixed about one instrument of a venue: its lots, its smallest order and its leverage."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One perpetual."""

    symbol: str
    lot: Decimal  # sizes are whole multiples of it
    smallest_usd: Decimal
    max_leverage: int


class Instruments(Protocol):
    """The instruments of the venue in use."""

    def instrument(self, symbol: str) -> Instrument | None:
        """The instrument of that symbol, None where the venue has none."""
        ...
