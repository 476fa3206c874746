"""Answers that come in pages, oldest first: asked for from the last time seen, until one is not full."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final

Ask = Callable[..., Awaitable[Any]]
FILLS: Final = ("userFillsByTime", 2_000)
FUNDINGS: Final = ("userFunding", 500)
LEDGER: Final = ("userNonFundingLedgerUpdates", 500)


async def since(ask: Ask, what: tuple[str, int], start_ms: int) -> AsyncIterator[Mapping[str, Any]]:
    """Every row from that moment on; what stands at the seam of two pages is told once."""
    kind, full = what
    seam: list[Mapping[str, Any]] = []
    while True:
        page = await ask(kind, startTime=start_ms)
        for row in page:
            if row in seam:
                seam.remove(row)
            else:
                yield row
        if len(page) < full:
            return
        newest = page[-1]["time"]
        seam = [row for row in page if row["time"] == newest]
        start_ms = newest if newest > start_ms else start_ms + 1  # a page of one millisecond would never end
