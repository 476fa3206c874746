"""A replay in bulk says the same as the live assembler fed the same bars."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from strandloom.kinds.heartbeat import Heartbeat
from strandloom.market import minute as minutes
from strandloom.market import replay, sample
from strandloom.market.assembler import Assembler
from strandloom.market.beat import Beat, tags
from strandloom.market.feeds.port import Closed, FeedEvent, Listed, Passed
from strandloom.market.panel import Panel, panel

SYMBOLS = ("SOL", "BTC", "ETH")


def a_panel(known: list[list[bool]], filled: list[list[bool]]) -> Panel:
    there = np.array(known)
    price = np.where(there, 100.0, np.nan)
    columns = dict.fromkeys(("open", "high", "low", "close", "volume"), price)
    return Panel(
        venue="test", symbols=SYMBOLS, start=29_000_000, columns=columns, filled=np.array(filled) & there
    )


def one_by_one(market: Panel) -> list[Heartbeat]:
    """The same bars through the assembler, minute for minute."""
    assembler = Assembler("test", (), market.start)
    said = [
        decided
        for minute in range(market.start, market.stop)
        for event in minute_events(market, minute)
        for decided in assembler.take(event)
    ]
    return [decided.body for decided in said if isinstance(decided, Beat)]


def minute_events(market: Panel, minute: int) -> list[FeedEvent]:
    now = minutes.closes(minute)
    bars = tuple(market.column(minute))
    listed = [Listed(symbol=bar.symbol, minute=minute, now=minutes.opens(minute)) for bar in bars]
    passed = Passed(now=now + 10 * (minutes.opens(1) - minutes.opens(0)) / 60)
    return [*listed, Closed(bars=bars, now=now), passed]


grids = st.lists(st.lists(st.booleans(), min_size=20, max_size=20), min_size=3, max_size=3)


@given(grids, grids)
def test_in_bulk_and_one_by_one_say_the_same(known: list[list[bool]], filled: list[list[bool]]) -> None:
    everywhere = [[True] * 20 for _ in known]
    silent_never = [any(column) for column in zip(*known, strict=True)]
    known = [[cell or not told for cell, told in zip(row, silent_never, strict=True)] for row in known]
    market = a_panel(known, filled)
    assert [body for _, body in replay.beats(market)] == one_by_one(market)
    clean = a_panel(everywhere, [[False] * 20 for _ in known])
    assert [body for _, body in replay.beats(clean)] == one_by_one(clean)


def test_a_day_of_the_sample_is_1440_heartbeats_the_same_every_time() -> None:
    start = minutes.parse("2025-05-06")
    day = panel(sample.load(), start, start + 1440)
    first, second = list(replay.beats(day)), list(replay.beats(day))
    assert len(first) == 1440
    assert first == second
    assert all(body.present == ("BTC", "ETH", "SOL") for _, body in first)


def test_the_boundaries_of_5_15_30_and_60_minutes_have_their_tags() -> None:
    start = minutes.parse("2025-05-06")
    assert tags(start) == ("market:heartbeat",)
    assert tags(start + 4) == ("market:heartbeat", "market:heartbeat:5m")
    assert tags(start + 29)[1:] == tuple(f"market:heartbeat:{name}" for name in ("5m", "15m", "30m"))
    assert tags(start + 59)[1:] == tuple(f"market:heartbeat:{name}" for name in ("5m", "15m", "30m", "60m"))
