"""Candles of the past over HTTP, page by page; the venue keeps the latest five thousand."""

from typing import Any

from strandloom.hyperliquid.rest import Rest
from strandloom.market.minute import MINUTE_MS

_PAGE_MINUTES = 2_000


class Candles:
    """`candleSnapshot` of one venue; the weight budget is the client's."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def wire(self, symbol: str, start: int, stop: int) -> list[dict[str, Any]]:
        """The candles of minutes `start` up to, not including, `stop`, as the venue writes them."""
        found: list[dict[str, Any]] = []
        for page in range(start, stop, _PAGE_MINUTES):
            end = min(page + _PAGE_MINUTES, stop)
            request = {
                "coin": symbol,
                "interval": "1m",
                "startTime": page * MINUTE_MS,
                "endTime": end * MINUTE_MS - 1,
            }
            answer = await self._rest.info("candleSnapshot", req=request)
            found += [one for one in answer or [] if page * MINUTE_MS <= one["t"] < end * MINUTE_MS]
        return found
