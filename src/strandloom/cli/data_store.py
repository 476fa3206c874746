"""Behind `strandloom data`: what is held, what is missing, writing it out, and tidying up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.cli import given
from strandloom.market import minute as minutes
from strandloom.market.files import writing
from strandloom.market.store import BarStore, Held
from strandloom.market.timeframes import MINUTES

Row = dict[str, Any]


@asynccontextmanager
async def opened() -> AsyncIterator[BarStore]:
    """The store of bars that the settings name."""
    async with wiring.store(given.settings()) as database:
        yield BarStore(database)


async def held() -> list[Row]:
    """What is stored, a row per venue and symbol."""
    async with opened() as store:
        return [
            {
                "venue": one.venue,
                "symbol": one.symbol,
                "first": one.first,
                "last": one.last,
                "bars": one.bars,
                "missing": one.missing,
                "corrections": one.corrections,
            }
            for one in await store.held()
        ]


async def gaps(venue: str | None, symbols: str | None, start: str | None, stop: str | None) -> list[Row]:
    """Runs of missing minutes."""
    async with opened() as store:
        rows: list[Row] = []
        for one in _chosen(await store.held(), venue, symbols):
            first, end = span(one, start, stop)
            for gap in await store.gaps(one.venue, [one.symbol], first, end):
                where = {"first": gap.first, "last": gap.last, "minutes": gap.minutes}
                rows.append({"venue": one.venue, "symbol": one.symbol, **where})
        return rows


async def export(
    output: Path,
    venue: str | None,
    symbols: str | None,
    start: str | None,
    stop: str | None,
    timeframe: str,
    as_of: str | None,
) -> Row:
    """Bars of one venue into a file."""
    async with opened() as store:
        chosen = _chosen(await store.held(), venue, symbols)
        if len({one.venue for one in chosen}) != 1:
            names = ", ".join(sorted({one.venue for one in chosen})) or "none"
            raise BadInput(f"export takes the bars of one venue; say which with --venue (there is {names})")
        table = await _table(store, chosen, start, stop, timeframe, _moment(as_of))
    writing.write(output, table)
    return {"file": str(output), "venue": chosen[0].venue, "symbols": len(chosen), "bars": table.num_rows}


async def tidy() -> Row:
    """Pack and forget by age."""
    settings = given.settings()
    async with opened() as store:
        done = await store.tidy(
            SystemClock().wall().date(),
            pack_after_days=settings.bars_pack_after_days,
            keep_days=settings.bars_keep_days,
        )
    return {
        "days_packed": done.days_packed,
        "bytes_before": done.bytes_before,
        "bytes_after": done.bytes_after,
        "saved_percent": round(100 * done.saved, 1),
        "days_forgotten": done.days_forgotten,
    }


def span(one: Held, start: str | None, stop: str | None) -> tuple[int, int]:
    """The minutes that a person means; all there is by default."""
    first = minutes.parse(start) if start else minutes.of(one.first)
    end = minutes.parse(stop) if stop else minutes.of(one.last) + 1
    if end <= first:
        raise BadInput("--to must be later than --from")
    return first, end


def names(text: str | None) -> list[str] | None:
    """`BTC,ETH` as a list."""
    return [name.strip() for name in text.split(",") if name.strip()] if text else None


async def _table(
    store: BarStore,
    chosen: list[Held],
    start: str | None,
    stop: str | None,
    timeframe: str,
    as_of: datetime | None,
) -> Any:
    venue, symbols = chosen[0].venue, [one.symbol for one in chosen]
    spans = [span(one, start, stop) for one in chosen]
    first, end = min(low for low, _ in spans), max(high for _, high in spans)
    if timeframe == "1m":
        return writing.of_bars(await store.read(venue, symbols, first, end, as_of=as_of))
    rows = await store.rollup(venue, symbols, MINUTES[timeframe], first, end, as_of=as_of)
    return writing.of_rows(rows)


def _chosen(there: list[Held], venue: str | None, symbols: str | None) -> list[Held]:
    wanted = names(symbols)
    chosen = [
        one
        for one in there
        if (venue is None or one.venue == venue) and (wanted is None or one.symbol in wanted)
    ]
    if (venue or wanted) and not chosen:
        known = ", ".join(f"{one.venue} {one.symbol}" for one in there) or "nothing"
        raise BadInput(f"no such bars; there is {known}")
    return chosen


def _moment(text: str | None) -> datetime | None:
    return minutes.opens(minutes.parse(text)) if text else None
