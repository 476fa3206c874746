"""What guards an entry that crosses follows it once it is filled whole; else it is asked for anew."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from strandloom.blackboard.strand import Said, Strand
from strandloom.kinds.order import OrderIntent, OrderStatus
from strandloom.teams.trader.saying import BARE
from tests.unit.teams.trader.desk import TradingDesk
from tests.unit.teams.trader.test_doubt_story import asked_for, tried_again

D = Decimal
GUARDED = [("stop", D(10)), ("target", D(10))]
SMALL = D("0.11")  # its stop is too small to go along


async def calm_desk() -> TradingDesk:
    desk = TradingDesk()
    await desk.calm(30)
    return desk


async def asked_by(desk: TradingDesk, module: str) -> list[str]:
    """The legs that a module asked for."""
    asked = [s for s in await desk.network.said("order_intent") if s.module == module]
    return [strand.body.leg for strand in asked if isinstance(strand.body, OrderIntent)]


async def bared(desk: TradingDesk) -> list[tuple[str, str]]:
    """What was said that the guard looks into."""
    told = [s.body for s in await desk.network.said("order_status") if BARE in s.tags]
    return [(body.leg, body.state) for body in told if isinstance(body, OrderStatus)]


def states(said: Said) -> list[tuple[str, str]]:
    bodies = [draft.body for draft in said.drafts]
    return [(body.leg, body.state) for body in bodies if isinstance(body, OrderStatus)]


@pytest.mark.parametrize(("quantity", "along"), [(D(10), ["stop"]), (SMALL, [])])
async def test_everything_is_asked_for_and_sent_at_once_and_the_guard_has_nothing_to_add(
    quantity: Decimal, along: Sequence[str]
) -> None:
    desk = await calm_desk()
    await desk.decide(quantity=quantity)
    assert await asked_by(desk, "trader.orders") == ["entry", "stop", "take_profit"]
    assert await asked_by(desk, "trader.guard") == []
    assert [intent.leg for intent in desk.venue.along] == along
    assert [one.leg for one in desk.venue.placed if one.leg not in along] == [
        leg for leg in ("entry", "stop", "take_profit") if leg not in along
    ]
    assert await desk.said() == [
        ("entry", "filled"),
        ("stop", "acknowledged"),
        ("take_profit", "acknowledged"),
    ]
    assert sorted(await desk.resting()) == [("stop", quantity), ("target", quantity)]
    assert await bared(desk) == []


@pytest.mark.parametrize("level", ["stop", "take_profit"])
async def test_of_a_level_that_was_not_decided_nothing_is_sent(level: str) -> None:
    desk = await calm_desk()
    await desk.decide(**{level: None})
    assert level not in await asked_by(desk, "trader.orders")
    assert await bared(desk) == []
    assert await desk.network.said("attention") == []


async def test_an_entry_that_is_filled_in_part_has_guards_of_its_own_size() -> None:
    desk = TradingDesk()
    await desk.calm(60, volume=400.0)
    await desk.decide(quantity=D(500), worst_price=D("100.1"))
    held = await desk.position()
    assert 0 < held < 500
    assert ("take_profit", "cancelled") in await desk.said()
    assert await asked_by(desk, "trader.guard") == ["stop", "take_profit"]
    assert sorted(await desk.resting()) == [("stop", held), ("target", held)]


async def test_an_entry_that_comes_to_nothing_takes_what_would_follow_with_it() -> None:
    desk = await calm_desk()
    desk.venue.refuse = ("entry",)
    await desk.decide()
    assert await desk.said() == [("entry", "rejected"), ("stop", "cancelled"), ("take_profit", "cancelled")]
    assert await desk.network.board.past.look("order.live") == []
    assert await asked_by(desk, "trader.guard") == []


@pytest.mark.parametrize("quantity", [D(10), SMALL])
async def test_a_stop_that_is_refused_is_tried_once_more_before_the_position_goes(quantity: Decimal) -> None:
    desk = await calm_desk()
    desk.venue.refuse = ("stop",)
    await desk.decide(quantity=quantity)
    assert await asked_by(desk, "trader.guard") == ["stop", "close"]
    assert await desk.position() == 0
    await desk.calm(1)
    assert await desk.resting() == []


async def test_a_target_that_is_refused_leaves_the_stop() -> None:
    desk = await calm_desk()
    desk.venue.refuse = ("take_profit",)
    await desk.decide()
    assert await desk.resting() == GUARDED[:1]
    assert ("entry", "filled") in await bared(desk)


@pytest.mark.parametrize("leg", ["stop", "take_profit"])
async def test_what_is_lost_on_the_way_is_told_with_the_entry_and_stands_once_in_the_end(leg: str) -> None:
    desk = await calm_desk()
    desk.venue.break_at = leg
    await desk.decide(quantity=SMALL)
    assert (await desk.said())[:2] == [
        ("entry", "filled"),
        ("stop", "unknown" if leg == "stop" else "acknowledged"),
    ]
    assert (leg, "unknown") in await desk.said()
    desk.venue.silent = False
    await desk.calm(5)
    assert sorted(await desk.resting()) == [("stop", SMALL), ("target", SMALL)]
    assert await desk.network.said("venue_difference") == []


async def undone(desk: TradingDesk, **rows: str) -> Strand:
    """The books as they were before the sender's answer was settled; the entry's intent."""
    asked = await asked_for(desk)
    tables = desk.network.board.slate.tables
    for cloid, row in [*tables["trader_orders_live"].rows()]:
        state = rows.get(row["leg"], "intended")
        if state != row["state"]:
            tables["trader_orders_live"].put(cloid, {**row, "state": state, "filled": "0", "version": 1})
    return asked


async def test_after_a_crash_the_venue_is_asked_for_each_before_it_is_sent() -> None:
    desk = await calm_desk()
    await desk.decide(quantity=SMALL)
    placed = len(desk.venue.placed)
    (target,) = await desk.intents("take_profit")
    await desk.venue.real.cancel(
        "BTC", target.cloid, desk.network.window.view().now
    )  # it had not come so far
    desk.venue.real._account.by_cloid.pop(target.cloid)
    asked = await undone(desk)
    said = await tried_again(desk, asked)
    assert states(said) == [("entry", "filled"), ("stop", "acknowledged"), ("take_profit", "acknowledged")]
    assert [intent.leg for intent in desk.venue.placed[placed:]] == ["take_profit"]
    assert sorted(await desk.resting()) == [("stop", SMALL), ("target", SMALL)]


async def test_what_comes_too_late_is_told_as_it_is_and_not_sent() -> None:
    desk = await calm_desk()
    await desk.decide(quantity=SMALL)
    placed = len(desk.venue.placed)
    (target,) = await desk.intents("take_profit")
    await desk.venue.real.cancel("BTC", target.cloid, desk.network.window.view().now)
    desk.venue.real._account.by_cloid.pop(target.cloid)
    asked = await undone(desk, entry="filled")  # somebody else has told it
    said = await tried_again(desk, asked)
    assert states(said) == [("stop", "acknowledged"), ("take_profit", "cancelled")]
    assert BARE in said.drafts[-1].tags
    assert desk.venue.placed[placed:] == []
