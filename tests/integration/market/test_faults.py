"""Whatever the venue or the network does: no minute lost, none counted twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from random import Random
from uuid import UUID

import pytest

from strandloom.blackboard.board import Search
from strandloom.blackboard.memory_board import MemoryBoard, memory_board
from strandloom.blackboard.strand import Strand
from strandloom.hyperliquid.errors import SubscriptionRefused
from strandloom.kinds.heartbeat import DataQuality, Heartbeat
from strandloom.market import minute as minutes
from strandloom.market.beat import Beat
from strandloom.market.feeds.hyperliquid import HyperliquidFeed
from strandloom.market.feeds.session import Pace
from strandloom.market.minute import MINUTE_MS
from strandloom.market.pump import Pump
from tests.bars import MINUTE as M
from tests.servers.venue import Venue, a_venue
from tests.venue_clock import VenueClock

COINS = ("BTC", "ETH")


class Network:
    """A feed pumped onto a board, and the venue at the other end."""

    def __init__(self, venue: Venue, clock: VenueClock, board: MemoryBoard) -> None:
        self.venue = venue
        self.clock = clock
        self.board = board
        self.beats: list[Beat] = []
        self._more = asyncio.Event()
        self._pumping: asyncio.Task[None] | None = None

    def start(self, *symbols: str, since: int = M, silence_s: float = 45.0) -> None:
        pace = Pace(tick_s=0.01, patience_s=5.0, again_s=0.01, listings_minutes=1)
        feed = HyperliquidFeed(self.venue.url, self.clock, Random(1), pace=pace, silence_s=silence_s)
        pump = Pump(feed, self.board, self.clock, follow=self._follow)
        self._pumping = asyncio.create_task(pump.run(symbols or COINS, since))
        self._pumping.add_done_callback(lambda _: self._more.set())

    async def kill(self) -> None:
        """The process is gone, in the middle of whatever it did."""
        if self._pumping is not None:
            self._pumping.cancel()
            await asyncio.gather(self._pumping, return_exceptions=True)

    async def ended(self) -> BaseException | None:
        assert self._pumping is not None
        await asyncio.wait((self._pumping,))
        return self._pumping.exception()

    async def given(self, minute: int) -> Heartbeat:
        """Wait for the heartbeat of that minute."""
        while True:
            for beat in self.beats:
                if beat.minute == minute:
                    return beat.body
            assert self._pumping is not None and not self._pumping.done(), self._pumping
            self._more.clear()
            await self._more.wait()

    async def _follow(self, beat: Beat) -> None:
        self.beats.append(beat)
        self._more.set()

    async def told(self, kind: str) -> Strand:
        """Wait for the first strand of that kind."""
        while not (found := (await self.board.find(Search(kind=kind))).strands):  # noqa: ASYNC110
            await asyncio.sleep(0)
        return found[-1]

    def problems(self) -> list[tuple[str | None, str]]:
        return [(note.symbol, note.quality.problem) for beat in self.beats for note in beat.notes]

    def last_beat(self) -> int:
        given = self.board.core.slate.tables["market_beats"].rows()
        return max(minutes.of(datetime.fromisoformat(minute)) for (_, minute), _ in given)

    def bars(self, symbol: str) -> dict[int, list[float]]:
        """Every stored version of every minute: the closes."""
        rows = self.board.core.slate.tables["market_bars"].rows()
        return {
            minutes.of(datetime.fromisoformat(minute)) - M: [told["bar"]["close"] for told in row["versions"]]
            for (_, name, minute), row in rows
            if name == symbol
        }


@asynccontextmanager
async def a_network(*coins: str, skew_s: float = 0.0) -> AsyncIterator[Network]:
    clock = VenueClock(minutes.opens(M), skew_s)
    async with a_venue(clock, *(coins or COINS)) as venue:
        network = Network(venue, clock, memory_board(clock.wall))
        try:
            yield network
        finally:
            await network.kill()


async def ids(board: MemoryBoard) -> list[UUID]:
    return [strand.id for strand in (await board.find(Search(kind="heartbeat"), limit=1000)).strands]


async def test_a_quiet_day_gives_every_minute_once() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        for n in range(5):
            await network.venue.minute(M + n, close=100 + n)
            body = await network.given(M + n)
            assert body == Heartbeat(feed="hyperliquid_local", minute=minutes.opens(M + n), present=COINS)
        assert network.bars("BTC") == {n: [100.0 + n] for n in range(5)}
        assert network.problems() == []


async def test_after_a_cut_socket_the_missed_minutes_are_fetched_and_caught_up() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        await network.venue.minute(M)
        await network.given(M)
        await network.venue.cut()
        for n in range(1, 4):
            for coin in COINS:
                await network.venue.trade(coin, M + n, 100 + n)
        network.clock.to((M + 4) * MINUTE_MS + 5_000)
        await network.given(M + 3)
        assert [beat.body.catch_up for beat in network.beats] == [False, True, True, False]
        assert network.bars("ETH") == {0: [100.0], 1: [101.0], 2: [102.0], 3: [103.0]}


async def test_a_minute_told_by_half_before_the_cut_is_stored_whole() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        await network.venue.minute(M)
        await network.given(M)
        await network.venue.trade("BTC", M + 1, 101)
        await network.venue.cut()
        for coin in COINS:
            await network.venue.trade(coin, M + 1, 105, volume=9, trades=50)
        network.clock.to((M + 2) * MINUTE_MS + 3_000)
        await network.given(M + 1)
        assert network.bars("BTC")[1] == [105.0]


async def test_a_half_open_socket_is_noticed_and_replaced() -> None:
    async with a_network() as network:
        network.start(silence_s=0.15)
        await network.venue.followed(*COINS)
        network.venue.freeze()
        await network.venue.followed(*COINS)  # by a new connection
        await network.venue.minute(M)
        assert (await network.given(M)).present == COINS


async def test_an_error_frame_ends_the_feed_with_the_venues_words() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        for peer in network.venue.peers:
            await peer.say("error", "Invalid subscription: candle")
        error = await network.ended()
        assert isinstance(error, SubscriptionRefused)
        assert "Invalid subscription" in str(error)


async def test_a_minute_told_twice_is_counted_and_stored_once() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        await network.venue.minute(M)
        await network.given(M)
        await network.venue.trade("BTC", M)
        await network.venue.minute(M + 1)
        await network.given(M + 1)
        assert network.problems() == [("BTC", "duplicate")]
        assert network.bars("BTC") == {0: [100.0], 1: [100.0]}


@pytest.mark.parametrize("skew_s", [-90.0, 90.0])
async def test_a_clock_wrong_by_90_seconds_is_told_and_loses_nothing(skew_s: float) -> None:
    async with a_network(skew_s=skew_s) as network:
        network.start()
        await network.venue.followed(*COINS)
        for n in range(4):
            await network.venue.minute(M + n, close=100 + n)
            assert (await network.given(M + n)).present == COINS
        assert network.bars("BTC") == {n: [100.0 + n] for n in range(4)}
        (note,) = network.beats[0].notes
        assert note.quality == DataQuality(
            feed="hyperliquid_local",
            problem="clock_skew",
            count=1,
            first=minutes.opens(M),
            last=minutes.opens(M),
            offset_s=-skew_s,
        )


async def test_a_silent_symbol_is_asked_for_and_filled_flat_while_others_flow() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        await network.venue.minute(M, close=107)
        await network.given(M)
        await network.venue.minute(M + 1, "BTC")
        body = await network.given(M + 1)
        assert (body.present, body.filled) == (COINS, ("ETH",))
        assert {"coin": "ETH"}.items() <= network.venue.asked[-1]["req"].items()
        assert network.bars("ETH")[1] == [107.0]


async def test_a_symbol_that_cannot_be_asked_for_is_late_blocked_and_healed() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        await network.venue.minute(M)
        await network.given(M)
        network.venue.refuses.add("ETH")
        await network.venue.minute(M + 1, "BTC")
        await network.venue.trade("ETH", M + 1, 103, push=False)
        network.clock.to((M + 2) * MINUTE_MS + 10_000)
        body = await network.given(M + 1)
        assert (body.present, body.late, body.blocked) == (("BTC",), ("ETH",), ("ETH",))
        assert network.problems() == [("ETH", "gap")]
        network.venue.refuses.clear()
        await network.venue.minute(M + 2)
        assert (await network.given(M + 2)).blocked == ()
        assert network.bars("ETH")[1] == [103.0]


async def test_a_delisted_symbol_is_left_and_blocks_nothing() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        await network.venue.minute(M)
        await network.given(M)
        network.venue.coins["ETH"] = False
        for n in range(1, 4):
            await network.venue.minute(M + n, "BTC")
            await network.given(M + n)
        assert network.beats[-1].body.present == ("BTC",)
        assert network.beats[-1].body.blocked == ()
        assert ("ETH", "delisted") in network.problems()


async def test_a_new_listing_joins_from_its_first_whole_minute() -> None:
    async with a_network("BTC") as network:
        network.start("BTC", "NEW")
        await network.venue.followed("BTC")
        await network.venue.minute(M, "BTC")
        assert (await network.given(M)).present == ("BTC",)
        network.venue.coins["NEW"] = True
        network.venue.candles["NEW"] = {}
        await network.venue.minute(M + 1, "BTC")
        await network.given(M + 1)
        await network.venue.followed("BTC", "NEW")
        for n in range(2, 5):
            await network.venue.minute(M + n)
            await network.given(M + n)
        assert network.beats[-1].body.present == ("BTC", "NEW")
        assert ("NEW", "listed") in network.problems()


async def test_a_restart_of_the_exchange_loses_no_minute() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        await network.venue.minute(M)
        await network.given(M)
        await network.venue.go_down()
        network.clock.to((M + 3) * MINUTE_MS)
        network.venue.come_back()
        await network.venue.followed(*COINS)
        await network.venue.minute(M + 3, close=104)
        await network.given(M + 3)
        assert [beat.minute - M for beat in network.beats] == [0, 1, 2, 3]
        assert [beat.body.filled for beat in network.beats] == [(), COINS, COINS, ()]


async def test_a_bar_revised_after_its_close_is_a_further_version() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        await network.venue.minute(M)
        await network.given(M)
        await network.venue.trade("BTC", M, 103, trades=6)
        await network.venue.minute(M + 1)
        await network.given(M + 1)
        assert network.bars("BTC")[0] == [100.0, 103.0]
        assert network.problems() == [("BTC", "revised")]


async def test_a_feed_down_for_an_hour_is_told_and_everything_is_caught_up() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        await network.venue.minute(M)
        await network.given(M)
        await network.venue.go_down()
        network.clock.to((M + 61) * MINUTE_MS)
        for n in range(1, 61):
            for coin in COINS:
                await network.venue.trade(coin, M + n, 100 + n)
        silent = await network.told("data_quality")
        assert silent.tags == ("market:data_quality", "market:data_quality:silent")
        assert len(network.beats) == 1
        network.venue.come_back()
        await network.venue.followed(*COINS)
        await network.venue.minute(M + 61, close=161)
        await network.given(M + 61)
        assert [beat.minute - M for beat in network.beats] == list(range(62))
        assert all(beat.body.catch_up for beat in network.beats[1:60])
        assert network.bars("BTC") == {n: [100.0 + n] for n in range(62)}


async def test_killed_in_the_middle_of_a_minute_it_goes_on_after_the_last_heartbeat() -> None:
    async with a_network() as network:
        network.start()
        await network.venue.followed(*COINS)
        await network.venue.minute(M)
        await network.given(M)
        await network.venue.trade("BTC", M + 1, 101)
        await network.kill()
        for n in (1, 2):
            for coin in COINS:
                await network.venue.trade(coin, M + n, 100 + n)
        network.clock.to((M + 3) * MINUTE_MS)
        network.start(since=network.last_beat() + 1)
        await network.venue.followed(*COINS)
        await network.venue.minute(M + 3, close=103)
        await network.given(M + 3)
        assert [beat.minute - M for beat in network.beats] == [0, 1, 2, 3]
        assert len(set(await ids(network.board))) == 4
        assert network.bars("BTC") == {n: [100.0 + n] for n in range(4)}


async def test_two_processes_post_each_heartbeat_once() -> None:
    async with a_network() as network:
        network.start()
        other = Network(network.venue, network.clock, network.board)
        other.start()
        await network.venue.followed(*COINS, by=2)
        await network.venue.minute(M)
        await asyncio.gather(network.given(M), other.given(M))
        assert len(await ids(network.board)) == 1
        await other.kill()
