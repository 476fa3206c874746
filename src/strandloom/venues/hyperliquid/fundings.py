"""What funding paid the account.  Sums are asked for often and may be a minute old: it comes hourly."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from strandloom.basics.clock import Clock
from strandloom.basics.ids import unix_ms
from strandloom.kinds.fill import FundingPaid
from strandloom.venues.hyperliquid import pages, parse
from strandloom.venues.hyperliquid.client import Client

_FRESH: Final = timedelta(minutes=1)


class Fundings:
    """All payments since the earliest moment that anybody asked about."""

    def __init__(self, client: Client, venue: str, clock: Clock) -> None:
        self._client = client
        self._venue = venue
        self._clock = clock
        self._paid: dict[tuple[int, str], FundingPaid] = {}
        self._from_ms: int | None = None
        self._newest_ms = 0
        self._asked_at: datetime | None = None

    async def since(self, since: datetime) -> list[FundingPaid]:
        """Oldest first, that moment included; as the venue says now, for the books are held against it."""
        await self._caught_up(unix_ms(since))
        found = (paid for paid in self._paid.values() if paid.at >= since)
        return sorted(found, key=lambda paid: (paid.at, paid.symbol))

    async def sum_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        if not self._is_fresh(unix_ms(since)):
            await self._caught_up(unix_ms(since))
        found = (p for p in self._paid.values() if p.symbol == symbol and since <= p.at <= until)
        return sum((paid.usd for paid in found), Decimal(0))

    def _is_fresh(self, since_ms: int) -> bool:
        if self._from_ms is None or self._from_ms > since_ms or self._asked_at is None:
            return False
        return self._clock.wall() < self._asked_at + _FRESH

    async def _caught_up(self, since_ms: int) -> None:
        known = self._from_ms
        start = since_ms if known is None or since_ms < known else self._newest_ms or known
        async for row in pages.since(self._client.ask_mine, pages.FUNDINGS, start):
            paid = parse.funding(self._venue, row)
            self._paid[row["time"], paid.symbol] = paid
            self._newest_ms = max(self._newest_ms, row["time"])
        self._from_ms = since_ms if known is None else min(known, since_ms)
        self._asked_at = self._clock.wall()
