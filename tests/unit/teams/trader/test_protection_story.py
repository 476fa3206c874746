"""Never naked: every fill has one stop for the whole position, or the position goes."""

from datetime import timedelta
from decimal import Decimal

from strandloom.blackboard.strand import Draft
from strandloom.kinds.attention import Attention, Flatten
from strandloom.kinds.decision import HaltOrder
from strandloom.teams.trader.leaving import leave
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.upkeep import Upkeep
from tests.unit.teams.trader.desk import Looking, TradingDesk, Watch

D = Decimal


async def partly_filled() -> TradingDesk:
    """A buyer of 10 at 99.5 who got 4, because the minute traded only 40."""
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide(entry_type="limit", entry_price=D("99.5"), time_in_force="gtc")
    await desk.minute((100.0, 100.2, 99.2, 99.8), volume=40)
    return desk


async def test_a_part_that_is_filled_has_a_stop_and_a_target_at_once() -> None:
    desk = await partly_filled()
    assert await desk.position() == 4
    assert sorted(await desk.resting()) == [
        ("child", D(10)),
        ("entry", D(6)),
        ("stop", D(4)),
        ("target", D(4)),
    ]


async def test_a_fill_asks_for_its_order_alone_unless_others_are_missing_too() -> None:
    desk = await partly_filled()
    resting = {order.cloid for order in await desk.venue.real.open_orders()}
    (entry,) = await desk.intents("entry")
    desk.venue.asked.clear()
    await desk.minute((99.8, 100.0, 99.2, 99.8), volume=40)
    assert resting.intersection(desk.venue.asked) == {entry.cloid}
    resting = {order.cloid for order in await desk.venue.real.open_orders()}
    desk.venue.asked.clear()
    await desk.minute((99.8, 100.0, 97.0, 97.5))
    assert resting.intersection(desk.venue.asked) == resting


async def test_as_the_fill_grows_one_stop_for_the_whole_position_takes_the_place_of_the_smaller_one() -> None:
    desk = await partly_filled()
    await desk.minute((99.8, 100.0, 99.2, 99.8), volume=40)
    assert await desk.position() == 8
    assert sorted(await desk.resting()) == [
        ("child", D(10)),
        ("entry", D(2)),
        ("stop", D(8)),
        ("target", D(8)),
    ]
    first, second = [intent for intent in desk.venue.placed if intent.leg == "stop"]
    assert second.replaces == (first.cloid,)
    assert desk.venue.placed.index(second) > desk.venue.placed.index(first)


async def test_a_stop_that_the_venue_refuses_costs_the_position() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    desk.venue.refuse = ("stop",)
    await desk.decide()
    await desk.calm(1)
    assert await desk.position() == 0
    told = await desk.said()
    assert ("stop", "rejected") in told
    assert ("close", "filled") in told
    (closed,) = [body for body in await desk.statuses() if body.state == "closed"]
    assert closed.why == "close"
    (intent,) = await desk.intents("close")
    assert intent.reduce_only
    assert "its stop could not be placed" in intent.because


async def test_a_stop_that_somebody_cancelled_comes_back() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide()
    (stop,) = await desk.intents("stop")
    await desk.venue.real.cancel("BTC", stop.cloid, desk.network.window.view().now)
    await desk.calm(1)
    assert sorted(await desk.resting()) == [("stop", D(10)), ("target", D(10))]
    assert len(await desk.intents("stop")) == 2


async def test_the_upkeep_finds_a_missing_stop_between_two_minutes_and_feed_or_no_feed() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide()
    (stop,) = await desk.intents("stop")
    watch = Watch(30)
    upkeep = Upkeep(Looking(desk.network), desk.venue, watch, 5.0, desk.readiness)
    await upkeep.once()
    assert await desk.network.said("attention") == []
    await desk.venue.real.cancel("BTC", stop.cloid, watch.now())
    for _ in range(3):
        watch.at += timedelta(seconds=5)
        await upkeep.once()
    assert sorted(await desk.resting()) == [("stop", D(10)), ("target", D(10))]
    whats = [s.body.what[0] for s in await desk.network.said("attention") if isinstance(s.body, Attention)]
    assert "no stop for the whole position" in whats


async def test_a_process_calls_for_its_recovery_until_it_has_had_it_itself() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    mine, watch = Readiness(), Watch(30)
    upkeep = Upkeep(Looking(desk.network), desk.venue, watch, 5.0, mine)
    await upkeep.once()  # answered by the other Trader, whose desk this is
    watch.at += timedelta(seconds=5)
    await upkeep.once()
    mine.recovered = True
    await upkeep.once()
    reasons = [s.body.reason for s in await desk.network.said("attention") if isinstance(s.body, Attention)]
    assert reasons == ["start", "start"]


async def test_a_mark_beyond_the_stop_for_ten_seconds_closes_the_position() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide()
    desk.venue.marked = {"BTC": D("97.5")}
    watch = Watch(30)
    upkeep = Upkeep(Looking(desk.network), desk.venue, watch, 5.0, desk.readiness)
    await upkeep.once()
    watch.at += timedelta(seconds=5)
    await upkeep.once()
    assert await desk.position() == 10
    watch.at += timedelta(seconds=5)
    await upkeep.once()
    assert await desk.position() == 0
    (intent,) = await desk.intents("close")
    assert "the mark 97.5 has been beyond the stop 98 for 10 s" in intent.because


async def test_a_halt_takes_entries_back_at_once_and_keeps_stops() -> None:
    desk = await partly_filled()
    await desk.network.tell(Draft(body=HaltOrder(reason="news"), tags=("dm:halt", "trader:halt")))
    assert sorted(await desk.resting()) == [("stop", D(4)), ("target", D(4))]
    assert await desk.position() == 4


async def test_the_end_of_the_service_takes_entries_back_and_keeps_stops() -> None:
    desk = await partly_filled()
    await leave(Looking(desk.network), desk.venue, Watch(31))
    entry, along = (await desk.statuses())[-2:]
    assert (entry.leg, entry.state, entry.filled) == ("entry", "filled", D(4))
    assert (along.leg, along.state, along.quantity) == ("stop", "cancelled", D(10))
    assert sorted(await desk.resting()) == [("stop", D(4)), ("target", D(4))]


async def test_to_flatten_cancels_entries_and_closes_everything_also_while_halted() -> None:
    desk = await partly_filled()
    await desk.network.tell(Draft(body=HaltOrder(reason="news"), tags=("dm:halt", "trader:halt")))
    await desk.network.tell(Draft(body=Flatten(reason="enough"), tags=("trader:flatten",)))
    await desk.calm(1)
    assert await desk.position() == 0
    assert await desk.resting() == []
    (closed,) = [body for body in await desk.statuses() if body.state == "closed"]
    assert closed.filled == 4
    assert (await desk.tracked()).held == ()


async def test_to_flatten_one_symbol_leaves_the_others_alone() -> None:
    desk = await partly_filled()
    await desk.network.tell(Draft(body=Flatten(reason="enough", symbol="ETH"), tags=("trader:flatten",)))
    assert await desk.position() == 4
    assert ("entry", D(6)) in await desk.resting()


async def test_a_guard_that_was_refused_is_not_counted_among_the_open_orders() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    desk.venue.refuse = ("take_profit",)
    await desk.decide()
    await desk.calm(1)
    assert await desk.resting() == [("stop", D(10))]
    assert (await desk.tracked()).open_orders == 1
