"""The store of bars: nothing twice, nothing lost, and every moment of the past as it was known then."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from strandloom.market import minute as minutes
from strandloom.market import sample
from strandloom.market.bars import FIELDS, Bars, collect
from strandloom.market.store import BarStore
from strandloom.market.writes import rows
from strandloom.store.database import Database
from tests.bars import a_bar

DAY = minutes.parse("2025-05-06")
Add = Callable[[BarStore, Bars], Awaitable[int]]
NOW = datetime(2025, 7, 1, tzinfo=UTC)
THEN = datetime(2025, 5, 7, 12, tzinfo=UTC)


def a_day(symbol: str = "BTC", minutes_of_it: int = 1440) -> Bars:
    return sample.load([symbol])[0].between(DAY, DAY + minutes_of_it)


def assert_same(left: Bars, right: Bars) -> None:
    assert left.minute.tolist() == right.minute.tolist()
    assert left.columns.keys() == right.columns.keys()
    for name in left.columns:
        assert np.array_equal(left.columns[name], right.columns[name], equal_nan=True), name
    assert left.filled.tolist() == right.filled.tolist()


async def add_as_rows(store: BarStore, piece: Bars) -> int:
    """Of a day that has a bar, the others are stored row by row."""
    return await store.add(piece.take(slice(0, 1)), now=THEN) + await store.add(piece, now=THEN)


async def add_packed(store: BarStore, piece: Bars) -> int:
    return await store.add(piece, now=THEN)


ways = pytest.mark.parametrize("add", [add_packed, add_as_rows])


@ways
async def test_what_goes_in_comes_out_to_the_last_digit(database: Database, add: Add) -> None:
    store = BarStore(database)
    assert await add(store, a_day()) == 1440
    (read,) = await store.read("sample", ["BTC"], DAY, DAY + 1440)
    assert_same(read, a_day())


@ways
async def test_the_same_bars_again_change_nothing(database: Database, add: Add) -> None:
    store = BarStore(database)
    await add(store, a_day())
    assert await store.add(a_day(), now=NOW) == 0


async def test_every_field_survives_storing(database: Database) -> None:
    bar = a_bar(minute=DAY, trades=3, filled=True, **dict.fromkeys(FIELDS[6:], 1.25))
    store = BarStore(database)
    await store.add(collect([bar])[0], now=THEN)
    (read,) = await store.read("test", ["BTC"], DAY, DAY + 1)
    assert read.row(0) == bar


async def test_a_correction_is_a_further_version_and_the_past_stays_readable(any_database: Database) -> None:
    store = BarStore(any_database)
    (first,) = collect([a_bar(minute=DAY)])
    (second,) = collect([a_bar(minute=DAY, close=100.75)])
    corrected = minutes.closes(DAY) + timedelta(hours=1)
    await store.add(first, now=corrected)
    assert await store.add(second, now=corrected) == 1

    async def close_at(as_of: datetime | None) -> float:
        (read,) = await store.read("test", ["BTC"], DAY, DAY + 1, as_of=as_of)
        return float(read.columns["close"][0])

    assert await close_at(None) == 100.5
    assert await close_at(corrected - timedelta(seconds=1)) == 100.5
    assert await close_at(corrected) == 100.75
    (held,) = await store.held()
    assert (held.bars, held.corrections) == (1, 1)


async def test_nothing_is_known_before_it_closed(database: Database) -> None:
    store = BarStore(database)
    await store.add(a_day(), now=NOW)
    (read,) = await store.read("sample", ["BTC"], DAY, DAY + 1440, as_of=minutes.closes(DAY + 99))
    assert read.minute[-1] == DAY + 99


async def test_packing_a_day_changes_no_answer_and_says_what_it_saved(any_database: Database) -> None:
    store = BarStore(any_database)
    await add_as_rows(store, a_day())
    (correction,) = collect([a_day().take(slice(7, 8)).row(0)])
    correction.columns["close"][0] += 1
    await store.add(correction, now=THEN)
    moments = [None, minutes.closes(DAY + 99), THEN]
    before = [await store.read("sample", ["BTC"], DAY, DAY + 1440, as_of=moment) for moment in moments]
    tidied = await store.tidy(date(2025, 6, 1))
    assert tidied.days_packed == 1
    assert tidied.saved > 0.6
    after = [await store.read("sample", ["BTC"], DAY, DAY + 1440, as_of=moment) for moment in moments]
    for (left,), (right,) in zip(before, after, strict=True):
        assert_same(left, right)


async def test_a_bar_that_comes_after_its_day_was_packed_is_packed_with_it(database: Database) -> None:
    store = BarStore(database)
    day = a_day()
    holed = day.take(day.minute != DAY + 5)
    await store.add(holed, now=NOW)
    assert [gap.minutes for gap in await store.gaps("sample", ["BTC"], DAY, DAY + 1440)] == [1]
    assert await store.add(day, now=NOW) == 1
    assert (await store.tidy(NOW.date())).days_packed == 1
    (read,) = await store.read("sample", ["BTC"], DAY, DAY + 1440)
    assert_same(read, day)
    assert await store.gaps("sample", ["BTC"], DAY, DAY + 1440) == []


@pytest.mark.parametrize("length", [5, 15, 30, 60, 240, 1440])
async def test_longer_bars_are_exact_and_anchored_in_utc(database: Database, length: int) -> None:
    store = BarStore(database)
    await store.add(a_day(), now=NOW)
    rolled = await store.rollup("sample", ["BTC"], length, DAY, DAY + 1440)
    blocks = {name: column.reshape(-1, length) for name, column in a_day().columns.items()}
    opened = [minutes.opens(DAY + length * block) for block in range(1440 // length)]
    assert [row["opened"] for row in rolled] == opened
    assert [row["open"] for row in rolled] == blocks["open"][:, 0].tolist()
    assert [row["high"] for row in rolled] == blocks["high"].max(axis=1).tolist()
    assert [row["low"] for row in rolled] == blocks["low"].min(axis=1).tolist()
    assert [row["close"] for row in rolled] == blocks["close"][:, -1].tolist()
    assert np.allclose([row["volume"] for row in rolled], blocks["volume"].sum(axis=1), rtol=1e-12)
    assert {row["minutes"] for row in rolled} == {length}


async def test_longer_bars_use_only_what_was_known(any_database: Database) -> None:
    store = BarStore(any_database)
    await store.add(a_day(), now=NOW)
    as_of = minutes.closes(DAY + 2)
    (row,) = await store.rollup("sample", ["BTC"], 5, DAY, DAY + 5, as_of=as_of)
    assert row["minutes"] == 3
    assert row["close"] == a_day().columns["close"][2]


async def test_gaps_are_runs_between_first_and_last(any_database: Database) -> None:
    store = BarStore(any_database)
    kept = [n for n in range(60) if n not in (10, 11, 12, 40)]
    await store.add(a_day().take(np.array(kept)), now=NOW)
    found = await store.gaps("sample", ["BTC"], DAY, DAY + 1440)
    runs = [(minutes.of(gap.first) - DAY, gap.minutes) for gap in found]
    assert runs == [(10, 3), (40, 1)]
    (held,) = await store.held()
    assert (held.bars, held.missing) == (56, 4)


async def test_after_two_years_bars_are_forgotten(database: Database) -> None:
    store = BarStore(database)
    await store.add(a_day(), now=NOW)
    assert (await store.tidy(date(2027, 5, 6))).days_forgotten == 0
    assert (await store.tidy(date(2027, 5, 7))).days_forgotten == 1
    assert await store.held() == []


async def test_a_heartbeats_bars_are_stored_once_however_often_it_is_posted(database: Database) -> None:
    values = {"venue": "test", "minute": minutes.opens(DAY).isoformat(), "bars": rows([a_bar(minute=DAY)])}
    async with database.transaction() as session:
        for _ in range(2):
            await session.connection.execute("select ad_write_market_store($1::jsonb)", values)
    store = BarStore(database)
    assert await store.last_beat("test") == DAY
    assert [(held.bars, held.corrections) for held in await store.held()] == [(1, 0)]


async def test_a_bar_that_its_heartbeat_lacked_is_known_only_when_it_came(database: Database) -> None:
    empty = {"venue": "test", "minute": minutes.opens(DAY).isoformat(), "bars": []}
    async with database.transaction() as session:
        await session.connection.execute("select ad_write_market_store($1::jsonb)", empty)
    store = BarStore(database)
    await store.add(collect([a_bar(minute=DAY)])[0], now=THEN)
    assert await store.read("test", ["BTC"], DAY, DAY + 1, as_of=minutes.closes(DAY)) == []
    assert len(await store.read("test", ["BTC"], DAY, DAY + 1, as_of=THEN)) == 1


async def test_holes_are_minutes_whose_heartbeat_went_out_without_a_symbol(any_database: Database) -> None:
    async with any_database.transaction() as session:
        for n in range(4):
            told = [a_bar(minute=DAY + n)] if n != 2 else []
            values = {
                "venue": "test",
                "minute": minutes.opens(DAY + n).isoformat(),
                "bars": rows([*told, a_bar("ETH", DAY + n)]),
            }
            await session.connection.execute("select ad_write_market_store($1::jsonb)", values)
    holes = await BarStore(any_database).holes("test", ["BTC", "ETH"], DAY - 1440, DAY + 4)
    assert holes == {"BTC": [DAY + 2]}


async def test_a_window_can_follow_what_becomes_known(database: Database) -> None:
    store = BarStore(database)
    await add_as_rows(store, a_day(minutes_of_it=10))
    learned = await store.learned("sample", minutes.closes(DAY + 3), minutes.closes(DAY + 5))
    assert [row["minute"] - DAY for row in learned] == [4, 5]
