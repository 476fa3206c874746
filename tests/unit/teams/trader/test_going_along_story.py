"""A stop goes along with its entry: the venue guards what is filled whole, whatever becomes of us."""

from datetime import timedelta
from decimal import Decimal

import pytest

from strandloom.blackboard.strand import Draft
from strandloom.kinds.attention import Attention, Flatten
from strandloom.kinds.decision import HaltOrder
from strandloom.kinds.sweep import Sweep
from strandloom.teams.trader.upkeep import Upkeep
from tests.unit.teams.trader.desk import Looking, TradingDesk, Watch
from tests.unit.teams.trader.test_entry_story import preferring
from tests.unit.teams.trader.test_protection_story import partly_filled

D = Decimal


async def filled_whole(desk: TradingDesk) -> None:
    """The rest of what `partly_filled` wants."""
    await desk.minute((99.8, 100.0, 99.2, 99.8), volume=40)
    await desk.minute((99.8, 100.0, 99.2, 99.8), volume=40)
    assert await desk.position() == 10


async def stops_resting(desk: TradingDesk) -> list[str | None]:
    return [order.cloid for order in await desk.venue.real.open_orders() if order.trigger]


async def test_an_entry_that_fills_whole_needs_no_other_stop_than_the_one_that_went_along() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide()
    (stop,), (entry,) = desk.venue.along, await desk.intents("entry")
    assert (stop.goes_with, entry.goes_with) == (entry.cloid, stop.cloid)
    assert [intent.leg for intent in desk.venue.placed] == ["entry", "take_profit"]
    assert [intent.cloid for intent in await desk.intents("stop")] == [stop.cloid]
    assert await stops_resting(desk) == [stop.cloid]


async def test_it_stands_although_nothing_is_known_any_more_once_the_entry_was_sent() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    desk.venue.break_line = True
    await desk.decide()
    assert await desk.said() == [("entry", "unknown"), ("stop", "unknown"), ("take_profit", "cancelled")]
    assert await desk.position() == 10
    assert await desk.resting() == [("stop", D(10))]
    desk.venue.silent = False
    await desk.calm(1)
    assert ("stop", "acknowledged") in await desk.said()
    assert sorted(await desk.resting()) == [("stop", D(10)), ("target", D(10))]


async def test_when_the_last_part_is_filled_it_takes_over_and_the_stops_of_the_parts_go() -> None:
    desk = await partly_filled()
    await filled_whole(desk)
    (along,) = desk.venue.along
    assert await stops_resting(desk) == [along.cloid]
    assert sorted(await desk.resting()) == [("stop", D(10)), ("target", D(10))]
    assert [intent.quantity for intent in desk.venue.placed if intent.leg == "stop"] == [D(4), D(8)]


async def test_the_stop_of_a_part_stays_until_the_venue_says_that_the_other_is_there() -> None:
    desk = await partly_filled()
    await desk.minute((99.8, 100.0, 99.2, 99.8), volume=40)
    (along,) = desk.venue.along
    desk.venue.refuse = ("along",)
    desk.venue._refused.add(along.cloid)
    await desk.minute((99.8, 100.0, 99.2, 99.8), volume=40)
    stops = [order for order in await desk.venue.real.open_orders() if order.trigger]
    assert await desk.position() == 10
    assert [(stop.quantity, stop.cloid == along.cloid) for stop in stops][-1] == (D(10), False)


async def test_stops_that_could_not_be_cancelled_are_taken_back_by_the_upkeep() -> None:
    desk = await partly_filled()
    await desk.minute((99.8, 100.0, 99.2, 99.8), volume=40)
    desk.venue.deaf = True
    await desk.minute((99.8, 100.0, 99.2, 99.8), volume=40)
    assert len(await stops_resting(desk)) == 2
    desk.venue.deaf = False
    watch = Watch(33)
    upkeep = Upkeep(Looking(desk.network), desk.venue, watch, 5.0, desk.readiness)
    for _ in range(3):
        watch.at += timedelta(seconds=5)
        await upkeep.once()
    (along,) = desk.venue.along
    assert await stops_resting(desk) == [along.cloid]
    whats = {s.body.what[0] for s in await desk.network.said("attention") if isinstance(s.body, Attention)}
    assert "more than one stop" in whats


async def test_an_entry_that_crosses_and_is_filled_in_part_has_a_stop_of_its_own_size() -> None:
    desk = TradingDesk()
    await desk.calm(60, volume=400.0)
    await desk.decide(quantity=D(500), worst_price=D("100.1"))
    held = await desk.position()
    assert 0 < held < 500
    assert sorted(await desk.resting()) == [("stop", held), ("target", held)]
    (along,) = desk.venue.along
    assert along.cloid not in await stops_resting(desk)
    await desk.calm(1)
    states = [body.state for body in await desk.statuses() if body.cloid == along.cloid]
    assert states == ["cancelled"]
    assert await desk.network.said("attention") == []


async def test_one_that_the_venue_refuses_is_tried_on_its_own_before_the_position_goes() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    desk.venue.refuse = ("along",)
    await desk.decide()
    assert await desk.position() == 10
    assert sorted(await desk.resting()) == [("stop", D(10)), ("target", D(10))]
    assert [intent.leg for intent in desk.venue.placed if intent.leg == "stop"] == ["stop"]


async def test_every_slice_brings_its_own_until_one_stands_for_the_whole() -> None:
    desk = await preferring("sliced")
    await desk.decide()
    assert sorted(await desk.resting()) == [("stop", D("3.33333")), ("target", D("3.33333"))]
    await desk.calm(2)
    assert [stop.quantity for stop in desk.venue.along] == [D("3.33333"), D("3.33333"), D("3.33334")]
    assert sorted(await desk.resting()) == [("stop", D(10)), ("target", D(10))]


async def test_a_slice_that_is_filled_while_we_die_is_guarded_by_its_own() -> None:
    desk = await preferring("sliced")
    await desk.decide()
    desk.venue.break_line = True
    await desk.calm(1)
    assert await desk.position() == D("6.66666")
    assert sum(size for what, size in await desk.resting() if what == "stop") == D("6.66666")


async def test_to_flatten_says_that_it_went_with_its_entry() -> None:
    desk = await partly_filled()
    await desk.network.tell(Draft(body=Flatten(reason="enough"), tags=("trader:flatten",)))
    (strand,) = await desk.network.said("sweep")
    assert isinstance(strand.body, Sweep)
    entry, along, *guards = strand.body.orders
    assert (entry.became, along.became, along.quantity) == ("cancelled", "cancelled", D(10))
    assert {one.became for one in guards} == {"kept"}
    await desk.calm(1)
    assert await desk.resting() == []


@pytest.mark.parametrize("how", ["halted", "late"])
async def test_it_goes_when_an_entry_that_rests_is_taken_back(how: str) -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide(entry_type="limit", entry_price=D(99), time_in_force="gtc", expires_at=Watch(33).at)
    assert await desk.resting() == [("entry", D(10)), ("child", D(10))]
    if how == "halted":
        await desk.network.tell(Draft(body=HaltOrder(reason="news"), tags=("dm:halt", "trader:halt")))
    else:
        await desk.calm(4)
    assert await desk.resting() == []
    assert await desk.network.board.past.look("order.live") == []


async def test_a_restart_finds_entry_and_stop_as_they_are() -> None:
    desk = await partly_filled()
    await desk.away((99.8, 100.0, 99.2, 99.8))
    assert await desk.position() == 10
    await desk.restart()
    (along,) = desk.venue.along
    assert await stops_resting(desk) == [along.cloid]
    assert sorted(await desk.resting()) == [("stop", D(10)), ("target", D(10))]
    assert await desk.network.said("venue_difference") == []


async def test_one_too_small_for_the_venue_is_placed_when_there_is_a_position() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide(quantity=D("0.11"))
    assert desk.venue.along == []
    assert [intent.leg for intent in desk.venue.placed] == ["entry", "stop", "take_profit"]
    assert sorted(await desk.resting()) == [("stop", D("0.11")), ("target", D("0.11"))]


async def test_the_stop_that_went_along_ends_the_trade_like_any_other() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide()
    await desk.minute((100.0, 100.1, 97.0, 97.2))
    await desk.calm(2, 97.2)
    (closed,) = [body for body in await desk.statuses() if body.state == "closed"]
    assert closed.why == "stop"
    assert await desk.resting() == []
    assert await desk.network.board.past.look("order.live") == []
