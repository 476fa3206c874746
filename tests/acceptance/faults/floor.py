"""A trading floor: the Trader's modules over the Hyperliquid venue, on an exchange that can be broken."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import httpx

from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft, Strand
from strandloom.exchange.engine import Engine
from strandloom.exchange.rules import Rules
from strandloom.exchange.server.limits import Limits
from strandloom.exchange.views import FillView, OrderView
from strandloom.hyperliquid.budget import WeightBudget
from strandloom.hyperliquid.signing import Wallet
from strandloom.kinds.job import Job
from strandloom.kinds.order import OrderIntent
from strandloom.kinds.reconciliation import Reconciliation
from strandloom.teams.decision_maker.breaker import Breaker
from strandloom.teams.trader import team as trader
from strandloom.teams.trader.account_watch import need_of
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.upkeep import Upkeep
from strandloom.venues.hyperliquid.feed import HyperliquidFeed, Pace
from strandloom.venues.hyperliquid.opening import Access, opened
from strandloom.venues.hyperliquid.sends import MemorySends
from strandloom.venues.hyperliquid.venue import HyperliquidVenue
from strandloom.venues.port import VenueSilent
from tests.acceptance.exchange.world import World, a_world
from tests.network import NOON, Network
from tests.servers.listener import Listener, listening
from tests.unit.teams.trader.decisions import decided
from tests.unit.teams.trader.desk import GATE, Looking

D = Decimal
KEY = f"{1:064x}"
LOT = D("0.01")
LOOK_S = 5
QUICK = Pace(silence=1.0, look=0.2, again=3_600.0)


class FloorClock:
    """Market time is the exchange's; wall time runs with it, so that pauses pass when minutes do."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._passed = timedelta(0)

    def now(self) -> datetime:
        return self._world.do(lambda: self._world.venue.clock.now())

    def wall(self) -> datetime:
        return datetime.now(UTC) + self._passed

    async def sleep(self, seconds: float) -> None:
        self.goes_on(seconds)
        await asyncio.sleep(0)

    def goes_on(self, seconds: float) -> None:
        self._passed += timedelta(seconds=seconds)


def working_stops(resting: Sequence[OrderView]) -> list[OrderView]:
    """Stops that act at their level: the child of an entry that still rests only waits."""
    waiting = {child.oid for order in resting for child in order.children}
    stops = [order for order in resting if order.is_trigger and order.reduce_only]
    return [stop for stop in stops if stop.oid not in waiting]


class Floor:
    """Minutes pass, things break, and at the end everything must be true."""

    def __init__(self, world: World, venue: HyperliquidVenue, clock: FloorClock) -> None:
        self.world = world
        self.venue = venue
        self.clock = clock
        self.user = venue.account
        self._seats()
        self.listener: Listener | None = None
        self._told = 0
        self._naked_s = 0.0
        self.longest_naked_s = 0.0
        self.venue_answers = True

    def _seats(self) -> None:
        self.readiness = readiness = Readiness()
        seats = trader.seats(self.venue, readiness=readiness)
        self.network = Network([*seats, Seat(module=Breaker(), order="free")], ("BTC",))
        self.upkeep = Upkeep(Looking(self.network), self.venue, self.clock, LOOK_S, readiness)

    # -- time ------------------------------------------------------------------------------------

    async def minute(self, *candle: float, volume: float = 1_000.0, looks: bool = True) -> None:
        """The upkeep looks every five seconds; then the minute closes, here and there."""
        for _ in range(60 // LOOK_S - 1):
            await self.pass_s(LOOK_S, looks=looks)
        self._close(*candle, volume=volume)
        self._count(LOOK_S)
        self.clock.goes_on(LOOK_S)
        last = self.world.prices["BTC"]
        bar = candle or (last, last + 50, last - 50, last)
        await self.network.minute({"BTC": bar}, volume=volume)
        await self.hear()

    async def minutes(self, count: int, **how: Any) -> None:
        for _ in range(count):
            await self.minute(**how)

    async def pass_s(self, seconds: float, *, looks: bool = True) -> None:
        self.world.seconds(seconds)
        self.clock.goes_on(seconds)
        self._count(seconds)
        if looks:
            await self.look()
        await self.hear()

    async def look(self) -> None:
        """One look of the upkeep; a silent venue is left for the next one, as its own loop does."""
        with suppress(VenueSilent):
            await self.upkeep.once()

    async def hear(self) -> None:
        """What the account's channels told since the last time goes the way the account watch sends it."""
        if self.listener is None:
            return
        news, self._told = self.listener.heard[self._told :], len(self.listener.heard)
        found = {need for event in news if (need := need_of(event)) is not None}
        await self.upkeep.tell(sorted(found, key=str))

    def _close(self, *candle: float, volume: float) -> None:
        # the minutes of the network begin where those of the exchange do
        if candle:
            self.world.minute(volume, BTC=candle)  # type: ignore[arg-type]
        else:
            self.world.minute(volume)

    # -- what is done ----------------------------------------------------------------------------

    async def decide(self, **changes: Any) -> Strand:
        usual = {"quantity": LOT, "worst_price": D(101_000), "stop": D(98_000), "take_profit": D(104_000)}
        (strand,) = await self.network.tell(decided(**{**usual, **changes}), by=GATE)
        return strand

    def breaks(self, kind: str, where: str | None = "/exchange", times: int | None = 1, **more: Any) -> None:
        self.world.admin("fault", kind=kind, where=where, times=times, **more)

    def heals(self) -> None:
        self.world.admin("clear")

    # -- what is true at the exchange ------------------------------------------------------------

    def fills(self) -> list[FillView]:
        return self.world.do(lambda: self.world.exchange.fills_between(self.user, 0))

    def resting(self) -> list[OrderView]:
        return self.world.do(lambda: self.world.exchange.open_orders(self.user))

    def position(self) -> Decimal:
        held = self.world.do(lambda: self.world.exchange.account(self.user)).positions
        return sum((p.szi for p in held if p.coin == "BTC"), D(0))

    def guarded(self) -> Decimal:
        """The largest reduce-only stop that works."""
        return max((stop.sz for stop in working_stops(self.resting())), default=D(0))

    def bought(self) -> Decimal:
        return sum((fill.sz for fill in self.fills() if fill.side == "B" and fill.coin == "BTC"), D(0))

    def _count(self, seconds: float) -> None:
        naked = abs(self.position()) > self.guarded()
        self._naked_s = self._naked_s + seconds if naked and self.venue_answers else 0.0
        self.longest_naked_s = max(self.longest_naked_s, self._naked_s)

    # -- what must be true at the end ------------------------------------------------------------

    async def said(self, leg: str) -> list[str]:
        bodies = [strand.body for strand in await self.network.said("order_status")]
        return [b.state for b in bodies if b.leg == leg]  # type: ignore[attr-defined]

    async def intents(self, leg: str) -> list[OrderIntent]:
        bodies = [strand.body for strand in await self.network.said("order_intent")]
        return [body for body in bodies if isinstance(body, OrderIntent) and body.leg == leg]

    async def reconciled(self) -> Reconciliation:
        slot = self.clock.now()
        await self.network.tell(Draft(body=Job(job="reconcile", slot=slot), tags=("system:job:reconcile",)))
        body = (await self.network.said("reconciliation"))[-1].body
        assert isinstance(body, Reconciliation)
        return body

    async def is_true(self, *, bought: Decimal | None = LOT, naked_s: float = 60.0) -> None:
        """No order twice, no naked position, and the books equal the venue."""
        if bought is not None:
            assert self.bought() == bought, self.fills()
        assert self.longest_naked_s <= naked_s, f"naked for {self.longest_naked_s} s"
        trades = await self.network.board.past.look("trade.open")
        rows = [
            row
            for trade in trades
            for row in await self.network.board.past.look("order.of", trade=trade["decision"])
        ]
        ours = sum((D(str(r["filled"])) * (1 if r["side"] == "buy" else -1) for r in rows), D(0))
        assert ours == self.position(), (ours, self.position())
        assert self.guarded() >= abs(self.position())
        assert [
            row for row in await self.network.board.past.look("order.live") if row["state"] == "unknown"
        ] == []
        last = await self.reconciled()
        assert last.agrees, last.differences


@asynccontextmanager
async def a_floor(
    *, hears: bool = False, rules: Rules | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Floor]:
    """Half an hour of calm, an account with money, and books that are open."""
    with a_world(Engine(rules or Rules()), limits=Limits.none(), faucet=None, start=NOON) as world:
        world.admin("deposit", user=Wallet(KEY).address, usd="10000")
        clock, kept = FloorClock(world), {}
        access = Access(url=world.url, key=KEY)

        def sends_of(mode: str, account: str, signer: str) -> MemorySends:
            return MemorySends(account, signer, kept)

        budget = WeightBudget(clock, per_minute=10**9)  # a minute here takes a fraction of a second
        async with opened(access, sends_of, clock, budget=budget, transport=transport) as venue:
            floor = Floor(world, venue, clock)
            for _ in range(30):
                await floor.network.minute({"BTC": (100_000.0, 100_050.0, 99_950.0, 100_000.0)})
            assert (await floor.reconciled()).agrees
            if not hears:
                yield floor
                return
            feed = HyperliquidFeed(venue, world.url, clock, Random(1), pace=QUICK)
            async with listening(feed, NOON) as listener:
                floor.listener = listener
                yield floor
