"""What the venue booked, gathered day by day: a venue remembers only its latest fills."""

from datetime import UTC, datetime
from typing import Final

from strandloom.kinds.fill import Fill, FundingPaid
from strandloom.venues.port import Venue

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Account:
    """Every fill and every funding payment, each once, oldest first."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._fills: dict[tuple[datetime, str, int], Fill] = {}
        self._fundings: dict[tuple[datetime, str], FundingPaid] = {}
        self._last_fill = self._last_funding = _EVER

    @property
    def fills(self) -> tuple[Fill, ...]:
        return tuple(self._fills.values())

    @property
    def fundings(self) -> tuple[FundingPaid, ...]:
        return tuple(self._fundings.values())

    async def look(self) -> None:
        """Take in what is new since the last look."""
        for fill in await self._venue.fills(self._last_fill):
            self._fills[fill.at, fill.symbol, fill.tid] = fill
            self._last_fill = fill.at
        for paid in await self._venue.fundings(self._last_funding):
            self._fundings[paid.at, paid.symbol] = paid
            self._last_funding = paid.at
