"""Two accounts at one venue as one: each has its own fills, cursor and books, and may fall silent alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft, Strand
from strandloom.exchange.engine import Engine
from strandloom.exchange.rules import Rules
from strandloom.exchange.server.limits import Limits
from strandloom.exchange.views import FillView, OrderView
from strandloom.hyperliquid.budget import WeightBudget
from strandloom.hyperliquid.signing import Wallet
from strandloom.kinds.attention import Flatten
from strandloom.kinds.job import Job
from strandloom.kinds.position import PositionTracking
from strandloom.kinds.reconciliation import Reconciliation
from strandloom.kinds.sweep import Sweep
from strandloom.ledger import reading
from strandloom.teams.decision_maker.breaker import Breaker
from strandloom.teams.trader import team as trader
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.upkeep import Upkeep
from strandloom.venues.fallback import FallbackVenue
from strandloom.venues.hyperliquid.opening import Access, opened
from strandloom.venues.hyperliquid.sends import MemorySends
from strandloom.venues.standing import PROBE_EVERY, Standing
from tests.acceptance.exchange.world import World, a_world
from tests.acceptance.faults.floor import FloorClock
from tests.contract.venue_stages import a_key, by_hand
from tests.integration.venues.test_fallback import BrokenRoad
from tests.network import NOON, Network
from tests.unit.teams.trader.decisions import decided
from tests.unit.teams.trader.desk import GATE, Looking

D = Decimal
NAMES = ("first", "second")
PRICES = {"BTC": 100_000.0, "ETH": 4_000.0, "SOL": 200.0}
LOTS = {"BTC": D("0.01"), "ETH": D("0.2"), "SOL": D(5)}
FLATTEN = Draft(body=Flatten(reason="enough"), tags=("trader:flatten",))


class Pair:
    """The Trader's modules over both accounts, each reached over a road that can be cut."""

    def __init__(
        self, world: World, venue: FallbackVenue, clock: FloorClock, roads: tuple[BrokenRoad, ...]
    ) -> None:
        self.world = world
        self.venue = venue
        self.clock = clock
        self.roads = dict(zip(NAMES, roads, strict=True))
        readiness = Readiness()
        seats = trader.seats(venue, readiness=readiness)
        self.network = Network([*seats, Seat(module=Breaker(), order="free")], PRICES)
        self.upkeep = Upkeep(Looking(self.network), venue, clock, 5.0, readiness)

    async def minute(self, **ranges: tuple[float, float, float, float]) -> None:
        """Eleven looks of the upkeep, then the minute closes, here and there."""
        for _ in range(11):
            self.world.seconds(5)
            self.clock.goes_on(5)
            await self.upkeep.once()
        self.world.minute(**ranges)
        self.clock.goes_on(5)
        last = self.world.prices
        await self.network.minute({s: ranges.get(s, (p, p + 1, p - 1, p)) for s, p in last.items()})

    async def decide(self, symbol: str, venue: str | None) -> Strand:
        price = D(str(PRICES[symbol]))
        (strand,) = await self.network.tell(
            decided(
                symbol=symbol,
                venue=venue,
                quantity=LOTS[symbol],
                worst_price=price * D("1.01"),
                stop=price * D("0.98"),
                take_profit=price * D("1.04"),
            ),
            by=GATE,
        )
        return strand

    def user(self, name: str) -> str:
        return Wallet(a_key(NAMES.index(name) + 1)).address

    def fills(self, name: str) -> list[FillView]:
        return self.world.do(lambda: self.world.exchange.fills_between(self.user(name), 0))

    def resting(self, name: str) -> list[OrderView]:
        return self.world.do(lambda: self.world.exchange.open_orders(self.user(name)))

    def held(self, name: str) -> dict[str, Decimal]:
        account = self.world.do(lambda: self.world.exchange.account(self.user(name)))
        return {position.coin: position.szi for position in account.positions}

    async def booked(self, name: str) -> int:
        """How many fills the ledger of an account has."""
        until = self.clock.now() + timedelta(days=1)
        known = await reading.known(self.network.board.past, name, NOON - timedelta(days=1), until)
        return sum(one[0] == "fill" for one in known)

    async def reconciled(self) -> dict[str, Reconciliation]:
        before = len(await self.network.said("reconciliation"))
        body = Job(job="reconcile", slot=self.clock.now(), by="person")
        await self.network.tell(Draft(body=body, tags=("system:job:reconcile",)))
        bodies = [strand.body for strand in (await self.network.said("reconciliation"))[before:]]
        return {body.venue: body for body in bodies if isinstance(body, Reconciliation)}

    async def agrees(self) -> None:
        found = await self.reconciled()
        assert {name: body.differences for name, body in found.items()} == dict.fromkeys(NAMES, ())
        for name in NAMES:
            assert await self.booked(name) == len(self.fills(name))

    async def tracked(self) -> PositionTracking:
        body = (await self.network.said("position_tracking"))[-1].body
        assert isinstance(body, PositionTracking)
        return body

    async def back(self, name: str) -> None:
        """The road is open again, and probes find it so."""
        self.roads[name].cut = False
        for _ in range(2):
            self.clock.goes_on(PROBE_EVERY.total_seconds())
            await self.venue.parts.probe()


@asynccontextmanager
async def a_pair() -> AsyncIterator[Pair]:
    with a_world(Engine(Rules()), limits=Limits.none(), faucet=None, start=NOON) as world:
        clock, roads = FloorClock(world), (BrokenRoad(), BrokenRoad())
        kept: dict[str, Any] = {}

        def sends_of(mode: str, account: str, signer: str) -> MemorySends:
            return MemorySends(account, signer, kept)

        access = [Access(url=world.url, key=a_key(n), name=name) for n, name in enumerate(NAMES, 1)]
        for number in (1, 2):
            world.admin("deposit", user=Wallet(a_key(number)).address, usd="10000")
        budget = WeightBudget(clock, per_minute=10**9)
        async with (
            opened(access[0], sends_of, clock, budget=budget, transport=roads[0]) as one,
            opened(access[1], sends_of, clock, budget=budget, transport=roads[1]) as two,
        ):
            standings = [Standing(name=name) for name in NAMES]
            accounts = {venue.name: venue.account for venue in (one, two)}
            pair = Pair(world, FallbackVenue("both", (one, two), clock, standings, accounts), clock, roads)
            for _ in range(30):
                await pair.network.minute({s: (p, p + 1, p - 1, p) for s, p in PRICES.items()})
            await pair.agrees()
            yield pair


async def test_each_account_has_its_own_fills_cursor_and_books() -> None:
    async with a_pair() as pair:
        await pair.decide("BTC", "first")
        await pair.decide("ETH", "second")
        for _ in range(2):
            await pair.minute()
        assert (pair.held("first"), pair.held("second")) == ({"BTC": LOTS["BTC"]}, {"ETH": LOTS["ETH"]})
        cursors = {}
        for name in NAMES:
            (row,) = await pair.network.board.past.look("fills.read", venue=name)
            cursors[name] = row["keys"]
        assert [key.split(":")[0] for name in NAMES for key in cursors[name]] == ["BTC", "ETH"]
        assert await pair.network.board.past.look("fills.read", venue="both") == []
        await pair.agrees()
        tracked = await pair.tracked()
        assert {held.symbol: held.venue for held in tracked.held} == {"BTC": "first", "ETH": "second"}
        assert tracked.flows_usd == 20_000


async def test_a_trade_between_the_two_accounts_is_in_the_books_of_both() -> None:
    async with a_pair() as pair:
        inside = int(pair.world.do(lambda: pair.world.exchange.book(0)).asks[0].px) - 1
        by_hand(pair.world, 1, inside, is_buy=False)
        by_hand(pair.world, 2, inside, tif="Ioc")
        (sold,), (bought,) = pair.fills("first"), pair.fills("second")
        assert (sold.tid, sold.time, sold.coin) == (bought.tid, bought.time, bought.coin)
        await pair.agrees()
        assert (pair.held("first"), pair.held("second")) == ({"BTC": -LOTS["BTC"]}, {"BTC": LOTS["BTC"]})


async def test_to_flatten_closes_what_cancels_out_between_the_accounts() -> None:
    async with a_pair() as pair:
        by_hand(pair.world, 1, 99_000, is_buy=False, tif="Ioc")
        by_hand(pair.world, 2, 101_000, tif="Ioc")
        assert (await pair.venue.balance()).positions == ()
        await pair.network.tell(FLATTEN)
        assert (pair.held("first"), pair.held("second")) == ({}, {})
        await pair.agrees()


async def test_a_silent_account_holds_up_nothing_but_its_own_symbols() -> None:
    async with a_pair() as pair:
        await pair.decide("BTC", "first")
        await pair.decide("ETH", "second")
        await pair.minute()
        pair.roads["first"].cut = True
        pair.world.admin("cancel_all", user=pair.user("second"))
        await pair.minute()
        stops = [(o.coin, o.sz) for o in pair.resting("second") if o.is_trigger]
        assert stops == [("ETH", LOTS["ETH"])], "the other account's stop is placed anew"
        tracked = await pair.tracked()
        assert tracked.venue_healthy
        assert tracked.in_doubt == ("BTC",)
        assert {held.symbol for held in tracked.held} == {"BTC", "ETH"}
        await pair.decide("SOL", None)
        assert pair.held("second") == {"ETH": LOTS["ETH"], "SOL": LOTS["SOL"]}
        found = await pair.reconciled()
        assert {name: body.agrees for name, body in found.items()} == {"second": True}


async def test_what_happened_to_a_silent_account_is_booked_once_when_it_is_back() -> None:
    async with a_pair() as pair:
        await pair.decide("BTC", "first")
        await pair.decide("ETH", "second")
        await pair.minute()
        pair.roads["first"].cut = True
        await pair.minute(BTC=(100_000.0, 100_000.0, 97_000.0, 97_200.0))  # its stop is hit
        await pair.decide("SOL", None)  # the other one's cursor goes on
        await pair.minute()
        assert pair.held("first") == {}
        assert {row["symbol"] for row in await pair.network.board.past.look("trade.open")} == {
            "BTC",
            "ETH",
            "SOL",
        }
        await pair.back("first")
        await pair.minute()
        await pair.minute()
        assert {row["symbol"] for row in await pair.network.board.past.look("trade.open")} == {"ETH", "SOL"}
        (closed,) = await pair.network.board.past.look("trade.closed")
        assert (closed["symbol"], closed["why"]) == ("BTC", "stop")
        assert (await pair.tracked()).in_doubt == ()
        await pair.agrees()


async def test_to_flatten_goes_on_without_a_silent_account_and_names_it() -> None:
    async with a_pair() as pair:
        by_hand(pair.world, 1, 90_000)
        by_hand(pair.world, 2, 90_000)
        await pair.minute()
        pair.roads["first"].cut = True
        await pair.network.tell(FLATTEN)
        told = (await pair.network.said("sweep"))[-1].body
        assert isinstance(told, Sweep)
        assert (told.silent, [(o.venue, o.became) for o in told.orders]) == (
            ("first",),
            [("second", "cancelled")],
        )
        await pair.back("first")
        await pair.network.tell(FLATTEN)
        assert (pair.resting("first"), pair.resting("second")) == ([], [])
