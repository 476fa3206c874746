"""A replay in bulk says the same as the live assembler fed the same bars."""

import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from strandloom.market import minute as minutes
from strandloom.market import replay, sample
from strandloom.market.assembler import Assembler
from strandloom.market.beat import Beat, tags
from strandloom.market.feeds.told import tell
from strandloom.market.panel import Panel, panel

SYMBOLS = ("SOL", "BTC", "ETH")


def a_panel(known: list[list[bool]], filled: list[list[bool]]) -> Panel:
    there = np.array(known)
    price = np.where(there, 100.0, np.nan)
    columns = dict.fromkeys(("open", "high", "low", "close", "volume"), price)
    return Panel(
        venue="test", symbols=SYMBOLS, start=29_000_000, columns=columns, filled=np.array(filled) & there
    )


def one_by_one(market: Panel) -> list[Beat]:
    """The same bars through the assembler, minute for minute."""
    assembler = Assembler("test", market.start)
    listed: set[str] = set()
    said = [
        decided
        for minute in range(market.start, market.stop)
        for event in tell(market, minute, listed)
        for decided in assembler.take(event)
    ]
    return [dataclasses.replace(decided, first=()) for decided in said if isinstance(decided, Beat)]


grids = st.lists(st.lists(st.booleans(), min_size=20, max_size=20), min_size=3, max_size=3)


@given(grids, grids)
def test_in_bulk_and_one_by_one_say_the_same(known: list[list[bool]], filled: list[list[bool]]) -> None:
    known[0][-1] = True  # minutes that nobody tells are only given when somebody tells a later one
    market = a_panel(known, filled)
    assert list(replay.beats(market)) == one_by_one(market)


def test_without_a_hole_too_they_say_the_same() -> None:
    market = a_panel([[True] * 20] * 3, [[False] * 20] * 3)
    assert list(replay.beats(market)) == one_by_one(market)


def test_a_day_of_the_sample_is_1440_heartbeats_the_same_every_time() -> None:
    start = minutes.parse("2025-05-06")
    day = panel(sample.load(), start, start + 1440)
    first, second = list(replay.beats(day)), list(replay.beats(day))
    assert len(first) == 1440
    assert first == second
    assert all(body.present == ("BTC", "ETH", "SOL") for body in (beat.body for beat in first))


def test_the_boundaries_of_5_15_30_and_60_minutes_have_their_tags() -> None:
    start = minutes.parse("2025-05-06")
    assert tags(start) == ("market:heartbeat",)
    assert tags(start + 4) == ("market:heartbeat", "market:heartbeat:5m")
    assert tags(start + 29)[1:] == tuple(f"market:heartbeat:{name}" for name in ("5m", "15m", "30m"))
    assert tags(start + 59)[1:] == tuple(f"market:heartbeat:{name}" for name in ("5m", "15m", "30m", "60m"))
