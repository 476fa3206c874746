"""The paper venue tells what its account did, each thing once and in order."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from strandloom.exchange.engine import Engine
from strandloom.exchange.rules import Rules
from strandloom.kinds.market import Bar
from strandloom.market.window import Window
from strandloom.venues.paper import USER, PaperVenue
from tests.unit.venues.orders import NOON, an_intent, cloid

D = Decimal


class World:
    """A paper venue and a market that goes on minute by minute."""

    def __init__(self, rules: Rules | None = None) -> None:
        self.engine = Engine(rules)
        self.venue = PaperVenue(self.engine, D(100_000))
        self._window = Window(("BTC",))
        self.now = NOON

    async def minute(self, price: float = 100.0, low: float | None = None, high: float | None = None) -> None:
        bar = Bar(
            venue="test",
            symbol="BTC",
            at=self.now,
            open=price,
            high=high or price + 0.2,
            low=low or price - 0.2,
            close=price,
            volume=5_000.0,
        )
        self._window.append(int(self.now.timestamp()) // 60, [bar])
        self.now += timedelta(minutes=1)
        await self.venue.follow(self._window.view())


async def a_world() -> World:
    world = World()
    await world.minute()
    return world


async def test_fills_are_told_from_a_moment_on_with_all_that_the_books_need() -> None:
    world = await a_world()
    first, second = an_intent(), an_intent(side="sell", price=D(90), quantity=D("0.4"))
    await world.venue.place(first, world.now)
    between = world.now + timedelta(seconds=30)
    await world.minute()
    await world.venue.place(second, world.now)
    entry, part = await world.venue.fills(NOON)
    assert (entry.cloid, entry.side, entry.quantity, entry.maker) == (first.cloid, "buy", D(1), False)
    assert (part.cloid, part.side, part.quantity) == (second.cloid, "sell", D("0.4"))
    assert part.closed_pnl_usd == (part.price - entry.price) * part.quantity
    assert await world.venue.fills(between) == [part]
    report = await world.venue.order(first.cloid)
    assert report is not None
    assert (report.filled, report.average_price, report.fee_usd) == (D(1), entry.price, entry.fee_usd)


async def test_what_an_order_filled_is_known_after_a_restart_as_well() -> None:
    world = await a_world()
    intent = an_intent()
    before = await world.venue.place(intent, world.now)
    again = PaperVenue(world.engine, D(100_000))
    assert await again.order(intent.cloid) == before


async def test_funding_is_told_once_an_hour() -> None:
    world = await a_world()
    await world.venue.place(an_intent(), world.now)
    for _ in range(130):
        await world.minute()
    paid = await world.venue.fundings(NOON)
    assert [one.at for one in paid] == [NOON + timedelta(hours=1), NOON + timedelta(hours=2)]
    assert sum(one.usd for one in paid) == await world.venue.funding_usd("BTC", NOON, world.now)
    assert await world.venue.fundings(NOON + timedelta(hours=2)) == paid[1:]


async def test_open_orders_show_what_rests_and_what_waits_for_its_trigger() -> None:
    world = await a_world()
    await world.venue.place(an_intent(), world.now)
    rests = an_intent(price=D(90), time_in_force="gtc")
    stop = an_intent(
        leg="stop", side="sell", price=D(80), trigger=D(95), time_in_force="gtc", reduce_only=True
    )
    await world.venue.place(rests, world.now)
    await world.venue.place(stop, world.now)
    resting, waiting = await world.venue.open_orders()
    assert (resting.cloid, resting.price, resting.trigger, resting.side) == (rests.cloid, D(90), None, "buy")
    assert (waiting.cloid, waiting.trigger, waiting.reduce_only) == (stop.cloid, D(95), True)


async def test_a_resting_order_takes_on_another_price_and_size_under_the_same_name() -> None:
    world = await a_world()
    rests = an_intent(price=D(90), time_in_force="gtc")
    first = await world.venue.place(rests, world.now)
    later = await world.venue.modify(replace(rests, price=D(91), quantity=D(2)), world.now)
    (order,) = await world.venue.open_orders()
    assert (order.cloid, order.price, order.quantity) == (rests.cloid, D(91), D(2))
    assert later is not None and later.state == "acknowledged" and later.oid != first.oid
    await world.venue.cancel("BTC", rests.cloid, world.now)
    over = await world.venue.modify(rests, world.now)
    assert over is not None and over.state == "cancelled"
    assert await world.venue.modify(an_intent(), world.now) is None


async def test_marks_are_told_for_every_symbol() -> None:
    world = await a_world()
    await world.minute(105.0)
    assert await world.venue.marks() == {"BTC": D(105)}


async def test_a_scheduled_cancel_is_refused_to_those_who_trade_too_little() -> None:
    world = await a_world()
    assert not await world.venue.schedule_cancel(world.now + timedelta(minutes=5))


async def test_a_scheduled_cancel_ends_what_rests_unless_it_is_called_off() -> None:
    world = World(Rules(schedule_volume_usd=0))
    await world.minute()
    kept, gone = an_intent(price=D(90), time_in_force="gtc"), an_intent(price=D(91), time_in_force="gtc")
    await world.venue.place(kept, world.now)
    assert await world.venue.schedule_cancel(world.now + timedelta(minutes=2))
    assert await world.venue.schedule_cancel(None)
    for _ in range(3):
        await world.minute()
    assert [order.cloid for order in await world.venue.open_orders()] == [kept.cloid]
    await world.venue.place(gone, world.now)
    assert await world.venue.schedule_cancel(world.now + timedelta(minutes=2))
    for _ in range(3):
        await world.minute()
    assert await world.venue.open_orders() == ()


async def test_an_order_that_was_never_placed_is_not_known() -> None:
    world = await a_world()
    assert await world.venue.order(cloid(999)) is None
    assert world.engine.knows(USER)
