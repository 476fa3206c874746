"""The account's fills as far as they are known here, and the questions that make them complete."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

from strandloom.kinds.fill import Fill
from strandloom.venues.hyperliquid import pages, parse
from strandloom.venues.hyperliquid.client import Client
from strandloom.venues.hyperliquid.parse import Stand
from strandloom.venues.port import Report
from strandloom.venues.tally import Key, Tally
from strandloom.venues.words import state_of

_OVERLAP_MS: Final = 5_000  # a fill may be shown a little after one that came later
_REMEMBERED: Final = 10_000


class Executions:
    """Counts every fill once, and asks for fills only when an order has moved since it was last asked for."""

    def __init__(self, client: Client, venue: str) -> None:
        self._client = client
        self._venue = venue
        self._tally = Tally()
        self._from_ms: int | None = None  # between these two nothing is missing
        self._to_ms = 0
        self._moved: OrderedDict[int, tuple[str, Any]] = OrderedDict()  # as it stood when it was complete

    async def since(self, start_ms: int) -> list[Fill]:
        """All fills from that moment on, each once, oldest first."""
        found: dict[Key, Fill] = {}
        newest_ms = start_ms
        async for row in pages.since(self._client.ask_mine, pages.FILLS, start_ms):
            found.setdefault(key_of(row), self.heard(row))
            newest_ms = max(newest_ms, row["time"])
        self._cover(start_ms, newest_ms)
        return list(found.values())

    def heard(self, row: Mapping[str, Any]) -> Fill:
        """Count a fill, whoever told it; over the socket one before it may have been lost."""
        fill = parse.fill(self._venue, row)
        self._tally.add(
            key_of(row),
            fill.oid,
            fill.cloid,
            quantity=fill.quantity,
            price=fill.price,
            fee_usd=fill.fee_usd,
        )
        return fill

    def _cover(self, start_ms: int, newest_ms: int) -> None:
        if self._from_ms is None:
            self._from_ms, self._to_ms = start_ms, newest_ms
        elif start_ms <= self._to_ms:
            self._from_ms, self._to_ms = min(self._from_ms, start_ms), max(self._to_ms, newest_ms)

    async def of(self, stand: Stand) -> Report:
        """Where an order stands, with all that it traded."""
        if not self._is_complete(stand):
            await self.since(self._begin(stand))
            self._remember(stand)
        return self._report(stand)

    async def under(self, cloid: str, since_ms: int) -> Report | None:
        """What was traded under a client order id that the venue does not show any more."""
        if self._tally.of_cloid(cloid) is None:
            await self.since(since_ms)
        filled = self._tally.of_cloid(cloid)
        if filled is None:
            return None
        return Report(
            state="filled",
            filled=filled.quantity,
            average_price=filled.average_price,
            fee_usd=filled.fee_usd,
            why="the venue shows its fills only",
        )

    def _begin(self, stand: Stand) -> int:
        if self._from_ms is None or stand.placed_ms < self._from_ms:
            return stand.placed_ms
        return max(stand.placed_ms, self._to_ms - _OVERLAP_MS)

    def _is_complete(self, stand: Stand) -> bool:
        untouched = stand.status in ("open", "triggered") and stand.left == stand.asked
        return untouched or self._moved.get(stand.oid) == (stand.status, stand.left)

    def _remember(self, stand: Stand) -> None:
        if not self._is_short(stand):
            self._moved[stand.oid] = stand.status, stand.left
            if len(self._moved) > _REMEMBERED:
                self._moved.popitem(last=False)

    def _is_short(self, stand: Stand) -> bool:
        """Does the venue say that more was traded than the fills it shows?"""
        counted = self._tally.of_oid(stand.oid)
        if stand.reduce_only:  # shrinks with its position, so that what is left tells nothing
            return stand.status == "filled" and not counted
        return stand.status in ("open", "triggered", "filled") and counted < stand.asked - stand.left

    def _report(self, stand: Stand) -> Report:
        filled = self._tally.of(stand.oid, stand.cloid)
        state = state_of(stand.status, filled.quantity)
        if state == "filled" and self._is_short(stand):
            state = (
                "partly_filled" if filled.quantity else "acknowledged"
            )  # its last fills are still to be shown
        return Report(
            state=state,
            filled=filled.quantity,
            average_price=filled.average_price,
            fee_usd=filled.fee_usd,
            oid=stand.oid,
            why="" if stand.status in ("open", "filled") else stand.status,
        )


def key_of(row: Mapping[str, Any]) -> Key:
    """What names a fill for ever."""
    return row["time"], row["coin"], row["tid"]
