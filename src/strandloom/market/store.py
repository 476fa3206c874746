"""The store of bars: bulk in and out, exact as of any moment, packed and forgotten with age."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from strandloom.market import minute as minutes
from strandloom.market import packing
from strandloom.market.bars import OPTIONAL, REQUIRED, Bars, Floats, bars, same
from strandloom.market.minute import DAY_MINUTES
from strandloom.market.writes import rows
from strandloom.store.database import Database

_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_CHUNK = 2_000  # bars per statement where they must be compared with what is there


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the store has of one symbol."""

    venue: str
    symbol: str
    bars: int
    corrections: int
    first: datetime
    last: datetime
    missing: int  # minutes between first and last without a bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A run of missing minutes."""

    symbol: str
    first: datetime
    last: datetime
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """What packing and forgetting did."""

    days_packed: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    days_forgotten: int = 0

    @property
    def saved(self) -> float:
        """The share of bytes that packing saved."""
        return 1 - self.bytes_after / self.bytes_before if self.bytes_before else 0.0


class BarStore:
    """Bars in a database.  Spans are minutes, `stop` not included."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, piece: Bars, *, now: datetime) -> int:
        """Store bars that no heartbeat brings; how many were new or different.

        Days of which nothing is there go in packed; the rest is compared bar by bar.
        """
        if not len(piece):
            return 0
        occupied = await self._occupied(piece)
        day = piece.minute // DAY_MINUTES
        fresh = [number for number in np.unique(day) if _date(number) not in occupied]
        whole = np.isin(day, fresh)
        await self._database.executemany("market.pack", packing.days(piece.take(whole)))
        return int(whole.sum()) + await self._compare(await self._news(piece.take(~whole)), now)

    async def read(
        self, venue: str, symbols: Sequence[str], start: int, stop: int, *, as_of: datetime | None = None
    ) -> list[Bars]:
        """Bars as they were known at `as_of`; without it the first versions, which the heartbeats used."""
        opens, closes = minutes.opens(start), minutes.opens(stop)
        records = await self._database.fetch("market.columns", venue, list(symbols), opens, closes, as_of)
        by_symbol = {record["symbol"]: _bars(venue, record) for record in records}
        return [by_symbol[symbol] for symbol in symbols if symbol in by_symbol]

    async def learned(self, venue: str, after: datetime, upto: datetime) -> list[dict[str, Any]]:
        """Versions that became known after one moment and up to another."""
        return [dict(row) for row in await self._database.fetch("market.learned", venue, after, upto)]

    async def rollup(
        self,
        venue: str,
        symbols: Sequence[str],
        length_minutes: int,
        start: int,
        stop: int,
        *,
        as_of: datetime | None = None,
    ) -> list[dict[str, Any]]:
        """Longer bars, anchored in UTC, with the number of minutes behind each."""
        length = timedelta(minutes=length_minutes)
        span = minutes.opens(start), minutes.opens(stop)
        found = await self._database.fetch("market.rollup", venue, list(symbols), length, *span, as_of)
        return [dict(row) for row in found]

    async def held(self) -> list[Held]:
        """All that is there, by venue and symbol."""
        return [Held(**row) for row in await self._database.fetch("market.held")]

    async def gaps(self, venue: str, symbols: Sequence[str], start: int, stop: int) -> list[Gap]:
        """Runs of missing minutes inside what is there."""
        span = minutes.opens(start), minutes.opens(stop)
        return [Gap(**row) for row in await self._database.fetch("market.gaps", venue, list(symbols), *span)]

    async def last_beat(self, venue: str) -> int | None:
        """The newest minute whose heartbeat has been given."""
        minute: int | None = await self._database.fetchval("market.last_beat", venue)
        return minute

    async def holes(self, venue: str, symbols: Sequence[str], start: int, stop: int) -> dict[str, list[int]]:
        """Minutes whose heartbeat went out without a symbol that is known otherwise."""
        span = minutes.opens(start), minutes.opens(stop)
        found: dict[str, list[int]] = {}
        for row in await self._database.fetch("market.holes", venue, list(symbols), *span):
            found.setdefault(row["symbol"], []).append(row["minute"])
        return found

    async def tidy(self, today: date, *, pack_after_days: int = 7, keep_days: int = 730) -> Tidied:
        """Pack what is older than a week, forget what is older than two years."""
        before = today - timedelta(days=pack_after_days)
        to_pack = await self._database.fetch("market.days_to_pack", before)
        sizes = [await self._database.fetchrow("market.pack_day", *row.values()) for row in to_pack]
        return Tidied(
            days_packed=len(to_pack),
            bytes_before=sum(size["bytes_before"] for size in sizes if size),
            bytes_after=sum(size["bytes_after"] for size in sizes if size),
            days_forgotten=await self._forget(today - timedelta(days=keep_days)),
        )

    async def _forget(self, before: date) -> int:
        gone = await self._database.execute("market.forget_days", before)
        await self._database.execute("market.forget_minutes", before)
        await self._database.execute("market.forget_beats", before)
        return int(gone.split()[-1])

    async def _occupied(self, piece: Bars) -> set[date]:
        first, last = _date(piece.minute[0] // DAY_MINUTES), _date(piece.minute[-1] // DAY_MINUTES)
        found = await self._database.fetch("market.occupied_days", piece.venue, piece.symbol, first, last)
        return {row["day"] for row in found}

    async def _news(self, piece: Bars) -> Bars:
        """Without the bars that are there already, to the last digit."""
        if not len(piece):
            return piece
        span = int(piece.minute[0]), int(piece.minute[-1]) + 1
        there = await self.read(piece.venue, [piece.symbol], *span, as_of=_EVER)
        return piece.take(~same(piece, there[0])) if there else piece

    async def _compare(self, piece: Bars, now: datetime) -> int:
        stored = 0
        for start in range(0, len(piece), _CHUNK):
            chunk = piece.take(slice(start, start + _CHUNK))
            told = rows(chunk.row(index) for index in range(len(chunk)))
            stored += await self._database.fetchval("market.store", piece.venue, told, now)
        return stored


def _date(day: int) -> date:
    return minutes.opens(int(day) * DAY_MINUTES).date()


def _bars(venue: str, record: Any) -> Bars:
    columns: dict[str, Floats] = {
        name: np.array(record[name], dtype=np.float64)
        for name in REQUIRED + OPTIONAL
        if record[name] is not None
    }
    minute = np.array(record["minute"], dtype=np.int64)
    return bars(venue, record["symbol"], minute, columns, np.array(record["filled"], dtype=np.bool_))
