"""A Trader at its desk: its modules in lockstep around a venue with moods, and what they said."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.desk import desks
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.memory_past import MemoryPast
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft, Strand, Write
from strandloom.kinds.attention import Attention
from strandloom.kinds.market import Bar
from strandloom.kinds.order import OrderIntent, OrderStatus
from strandloom.kinds.position import PositionTracking
from strandloom.teams.decision_maker.breaker import Breaker
from strandloom.teams.trader import team as trader
from strandloom.teams.trader.readiness import Readiness
from strandloom.venues.paper import USER
from tests.network import NOON, Candle, Network, at_minute
from tests.unit.teams.trader.decisions import decided
from tests.unit.teams.trader.venues import MoodyVenue

GATE = "decision_maker.gate"
D = Decimal


class TradingDesk:
    """Decisions go in, minutes pass, statuses come out."""

    def __init__(self, *, readiness: Readiness | None = None, **options: Any) -> None:
        self.venue = MoodyVenue()
        self.readiness = readiness or Readiness()
        seats = trader.seats(self.venue, readiness=self.readiness, **options)
        self.network = Network([*seats, Seat(module=Breaker(), order="free")], ("BTC",))

    async def calm(self, minutes: int, price: float = 100.0, *, volume: float = 5_000.0) -> None:
        for i in range(minutes):
            await self.minute((price, price + 0.2, price - 0.2, price + 0.05 * (i % 2)), volume=volume)

    async def minute(self, candle: Candle, *, volume: float = 5_000.0) -> None:
        await self.network.minute({"BTC": candle}, volume=volume)

    async def decide(self, *, by: str = GATE, **changes: Any) -> Strand:
        (strand,) = await self.network.tell(decided(**changes), by=by)
        return strand

    async def away(self, candle: Candle) -> None:
        """A minute passes at the venue while nobody of us is there."""
        network = self.network
        at = at_minute(network._next)
        o, h, low, c = candle
        bar = Bar(venue="test", symbol="BTC", at=at, open=o, high=h, low=low, close=c, volume=5_000.0)
        network.window.append(int(at.timestamp()) // 60, [bar])
        network._next += 1
        await self.venue.real.follow(network.window.view())

    async def restart(self) -> None:
        """Other modules, which remember nothing, over the same tables; their first look is recovery."""
        before, network = self.network.board, self.network
        seats = [*trader.seats(self.venue), Seat(module=Breaker(), order="free")]
        board = Lockstep(seats, lambda: NOON, strict=True, forgiving=False)
        board.slate.tables, board.slate.archive = before.slate.tables, before.slate.archive
        board.slate._seq = before.slate._seq
        board.past = MemoryPast(board.slate)
        board.lay(desks(board.past, lambda at: network.window.view()))
        network.board = board
        tags = ("trader:attention", "trader:attention:start")
        await network.tell(Draft(body=Attention(reason="start"), tags=tags), by="trader.upkeep")

    async def said(self) -> list[tuple[str, str]]:
        """What was said of orders: leg and state."""
        return [(body.leg, body.state) for body in await self.statuses()]

    async def statuses(self) -> list[OrderStatus]:
        bodies = [strand.body for strand in await self.network.said("order_status")]
        return [body for body in bodies if isinstance(body, OrderStatus)]

    async def intents(self, leg: str) -> list[OrderIntent]:
        bodies = [strand.body for strand in await self.network.said("order_intent")]
        return [body for body in bodies if isinstance(body, OrderIntent) and body.leg == leg]

    async def tracked(self) -> PositionTracking:
        body = (await self.network.said("position_tracking"))[-1].body
        assert isinstance(body, PositionTracking)
        return body

    async def resting(self) -> list[tuple[str, Decimal]]:
        """What rests at the venue: stop, target or entry, and its size; a child is a stop that waits."""
        found = await self.venue.real.open_orders()
        live = self.venue.real._engine.state.accounts[USER].live
        return [
            (
                "child"
                if live[o.oid].waits
                else "stop"
                if o.trigger
                else "target"
                if o.reduce_only
                else "entry",
                o.quantity,
            )
            for o in found
        ]

    async def position(self) -> Decimal:
        balance = await self.venue.real.balance()
        return sum((position.quantity for position in balance.positions), D(0))


class Looking:
    """The network's board as the parts beside the modules see it; what they post is drained at once."""

    def __init__(self, network: Network) -> None:
        self._network = network

    async def look(self, name: str, **values: Any) -> Sequence[dict[str, Any]]:
        return await self._network.board.past.look(name, **values)

    async def get(self, strand_id: UUID) -> Strand | None:
        return await self._network.board.past.get(strand_id)

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]:
        posted = self._network.board.post(drafts, cause, writes)
        await self._network.board.drain()
        return posted


class Watch:
    """A clock whose market time and wall time are set by hand."""

    def __init__(self, minute: int) -> None:
        self.at = at_minute(minute)

    def now(self) -> datetime:
        return self.at

    def wall(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("a test looks once and does not sleep")
