"""Quotes for markets that only have bars: the close, with half a spread on either side."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from strandloom.kinds.market import Bar, Quote

_HALF_SPREAD = 0.00005
_WAITING = 10_000  # quotes that a slow listener may be behind before the oldest go


class Quoting:
    """Hands the quotes of each closed minute to whoever listens."""

    def __init__(self) -> None:
        self._listeners: dict[asyncio.Queue[Quote], frozenset[str]] = {}

    def tell(self, bars: Callable[[], Iterable[Bar]], at: datetime) -> None:
        """A minute has closed; its bars are only asked for when somebody listens."""
        for bar in bars() if self._listeners else ():
            told = quote(bar, at)
            for queue, symbols in self._listeners.items():
                if bar.symbol in symbols:
                    if queue.full():
                        queue.get_nowait()
                    queue.put_nowait(told)

    async def listen(self, symbols: Sequence[str]) -> AsyncIterator[Quote]:
        """The quotes of those symbols from now on."""
        queue: asyncio.Queue[Quote] = asyncio.Queue(_WAITING)
        self._listeners[queue] = frozenset(symbols)
        try:
            while True:
                yield await queue.get()
        finally:
            del self._listeners[queue]


def quote(bar: Bar, at: datetime) -> Quote:
    """Bid and ask as the bar has them, or around its close."""
    bid = bar.bid if bar.bid is not None else bar.close * (1 - _HALF_SPREAD)
    ask = bar.ask if bar.ask is not None else bar.close * (1 + _HALF_SPREAD)
    size = bar.volume / 100
    return Quote(
        venue=bar.venue,
        symbol=bar.symbol,
        at=at,
        bid=_decimal(bid),
        bid_size=_decimal(size),
        ask=_decimal(ask),
        ask_size=_decimal(size),
        mark=None if bar.mark is None else _decimal(bar.mark),
    )


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.8g}")
