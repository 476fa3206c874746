"""The pump: a heartbeat and its bars in one post, the same strands on every run."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from strandloom.basics.clock import DrivenClock
from strandloom.basics.errors import Retryable
from strandloom.blackboard.board import Search
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.memory_board import MemoryBoard, memory_board
from strandloom.blackboard.strand import Draft, Strand, Write
from strandloom.market import minute as minutes
from strandloom.market import sample
from strandloom.market.feeds.port import Passed
from strandloom.market.feeds.replay import ReplayFeed
from strandloom.market.feeds.simulated import SimulatedFeed
from strandloom.market.feeds.world import World
from strandloom.market.panel import panel
from strandloom.market.pump import Pump
from tests.bars import MINUTE, a_bar, after_close, closed
from tests.scripted_feed import ScriptedFeed

DAY = minutes.parse("2025-05-06")
SYMBOLS = ("BTC", "ETH", "SOL")


class Unwilling:
    """A board whose connection breaks twice, before or after the post arrived."""

    def __init__(self, board: MemoryBoard) -> None:
        self._board = board
        self._breaks = 2

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]:
        if self._breaks == 2:
            self._breaks -= 1
            raise Retryable("the connection broke before")
        ids = await self._board.post(drafts, cause, writes)
        if self._breaks == 1:
            self._breaks -= 1
            raise Retryable("the connection broke after")
        return ids


class Hurried(DrivenClock):
    """A clock that never waits."""

    async def sleep(self, seconds: float) -> None:
        return


def a_clock() -> Hurried:
    return Hurried(datetime(2025, 1, 1, tzinfo=UTC))


def a_board() -> MemoryBoard:
    return memory_board(lambda: datetime(2026, 1, 1, tzinfo=UTC))


async def strands(board: MemoryBoard, kind: str = "heartbeat") -> list[Strand]:
    found: list[Strand] = []
    page = await board.find(Search(kind=kind), limit=1000)
    while True:
        found.extend(page.strands)
        if page.next is None:
            return found[::-1]
        page = await board.find(Search(kind=kind), after=page.next, limit=1000)


async def a_day_of_the_sample() -> MemoryBoard:
    board, clock = a_board(), a_clock()
    feed = ReplayFeed(panel(sample.load(), DAY, DAY + 1440), clock)
    await Pump(feed, board, clock).run(SYMBOLS, DAY)
    return board


async def test_a_day_of_the_sample_gives_1440_heartbeats_the_same_on_every_run() -> None:
    first, second = [await strands(await a_day_of_the_sample()) for _ in range(2)]
    assert len(first) == 1440
    assert [(s.id, s.at, s.body, s.tags) for s in first] == [(s.id, s.at, s.body, s.tags) for s in second]
    assert len({strand.id for strand in first}) == 1440


async def test_a_second_process_posts_no_heartbeat_again() -> None:
    board = a_board()
    for _ in range(2):
        clock = a_clock()
        feed = ReplayFeed(panel(sample.load(), DAY, DAY + 60), clock)
        await Pump(feed, board, clock).run(SYMBOLS, DAY)
    assert len(await strands(board)) == 60


async def test_bars_are_stored_with_their_heartbeat() -> None:
    board, clock = a_board(), a_clock()
    await Pump(ScriptedFeed(closed(a_bar()), closed(a_bar(minute=MINUTE + 1))), board, clock).run(
        ["BTC"], MINUTE
    )
    stored = dict(board.core.slate.tables["market_bars"].rows())
    assert [key[1] for key in stored] == ["BTC", "BTC"]
    assert len(board.core.slate.tables["market_beats"]) == 2


async def test_a_post_whose_fate_is_unknown_is_repeated_and_counts_once() -> None:
    board, clock = a_board(), a_clock()
    feed = ScriptedFeed(closed(a_bar()), closed(a_bar(minute=MINUTE + 1)))
    await Pump(feed, Unwilling(board), clock).run(["BTC"], MINUTE)
    assert [strand.at for strand in await strands(board)] == [
        minutes.closes(MINUTE),
        minutes.closes(MINUTE + 1),
    ]


async def test_what_is_wrong_with_the_data_is_posted_with_the_heartbeat() -> None:
    board, clock = a_board(), a_clock()
    late = closed(a_bar("BTC"), seconds=30)
    await Pump(ScriptedFeed(late), board, clock).run(["BTC", "ETH"], MINUTE)
    (gap,) = await strands(board, "data_quality")
    assert (gap.symbol, gap.tags[1]) == ("ETH", "market:data_quality:gap")


async def test_a_silent_feed_is_told_on_the_board() -> None:
    board, clock = a_board(), a_clock()
    await Pump(ScriptedFeed(Passed(now=after_close(MINUTE, 30))), board, clock).run(["BTC"], MINUTE)
    (silent,) = await strands(board, "data_quality")
    assert silent.tags[1] == "market:data_quality:silent"
    assert await strands(board) == []


async def test_the_network_is_done_with_a_minute_before_the_feed_is_asked_again() -> None:
    clock = a_clock()
    seen: list[tuple[Any, datetime]] = []

    async def follow(beat: Any) -> None:
        seen.append((beat.minute, clock.now()))

    feed = ReplayFeed(panel(sample.load(), DAY, DAY + 5), clock)
    await Pump(feed, a_board(), clock, follow=follow).run(SYMBOLS, DAY)
    assert seen == [(DAY + n, minutes.closes(DAY + n)) for n in range(5)]


async def test_the_simulated_market_goes_on_where_it_was_left() -> None:
    board, clock = a_board(), a_clock()
    world = World(SYMBOLS, DAY)
    stop = DAY + 300

    class Enough(Exception):
        pass

    async def follow(beat: Any) -> None:
        if beat.minute == stop:
            raise Enough

    feed = SimulatedFeed(world, clock, minutes_per_s=None)
    try:
        await Pump(feed, board, clock, follow=follow).run(SYMBOLS, DAY + 200)
    except Enough:
        given = [strand.at for strand in await strands(board)]
        assert given == [minutes.closes(minute) for minute in range(DAY + 200, stop + 1)]
