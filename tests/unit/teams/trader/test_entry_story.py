"""Entries in every style: patience that pays, patience that runs out, and slices."""

from decimal import Decimal
from typing import Any

from strandloom.blackboard.strand import Draft
from strandloom.kinds.decision import HaltOrder
from strandloom.learning.executions import SUMS
from tests.unit.teams.trader.desk import TradingDesk

D = Decimal


async def preferring(style: str) -> TradingDesk:
    """A Trader that has measured one style to save a lot."""
    desk = TradingDesk()
    await desk.calm(30)
    row: dict[str, Any] = dict.fromkeys(SUMS, 0.0) | {"measured": 50.0, "saved_bps": 250.0}
    key = f"paper|{style}|normal"
    sums = {"key": key, "newest": [], "doubt": None, "learnt": 0, **row}
    desk.network.board.slate.tables["execution_sums"].put(key, sums)
    return desk


async def test_a_patient_entry_rests_in_the_book_and_says_why() -> None:
    desk = await preferring("maker")
    await desk.decide()
    assert await desk.resting() == [("entry", D(10)), ("child", D(10))]
    (intent,) = await desk.intents("entry")
    assert (intent.style, intent.time_in_force) == ("maker", "alo")
    assert intent.chosen is not None
    assert set(intent.chosen.cost_bps) == {"taker", "maker", "sliced"}
    assert any("50 orders saved +5.00 bps" in line for line in intent.chosen.shown)


async def test_patience_that_pays_is_filled_at_its_price() -> None:
    desk = await preferring("maker")
    await desk.decide()
    await desk.minute((100.0, 100.1, 99.0, 99.9))
    assert await desk.position() == 10
    (filled,) = [b for b in await desk.statuses() if b.leg == "entry" and b.state == "filled"]
    (intent,) = await desk.intents("entry")
    assert filled.average_price is not None and filled.average_price <= intent.price
    assert sorted(await desk.resting()) == [("stop", D(10)), ("target", D(10))]


async def test_patience_that_runs_out_crosses_within_the_decisions_worst_price() -> None:
    desk = await preferring("maker")
    await desk.decide(worst_price=D("100.6"))
    await desk.minute((100.2, 100.4, 100.15, 100.3))
    await desk.minute((100.3, 100.5, 100.2, 100.4))
    first, second = await desk.intents("entry")
    assert (first.part, second.part, second.price) == (0, 1, D("100.6"))
    assert second.quantity == 10
    assert await desk.position() == 10
    given_up = [b for b in await desk.statuses() if b.leg == "entry" and b.state == "cancelled"]
    assert [b.more for b in given_up] == [True]


async def test_a_patient_entry_that_is_halted_does_not_cross() -> None:
    desk = await preferring("maker")
    await desk.decide()
    await desk.network.tell(Draft(body=HaltOrder(reason="news"), tags=("dm:halt", "trader:halt")))
    await desk.calm(4, 100.3)
    assert await desk.position() == 0
    assert len(await desk.intents("entry")) == 1


async def test_slices_go_out_minute_by_minute_and_are_guarded_as_one_position() -> None:
    desk = await preferring("sliced")
    await desk.decide()
    assert await desk.position() == D("3.33333")
    await desk.calm(1)
    assert await desk.position() == D("6.66666")
    await desk.calm(1)
    assert await desk.position() == 10
    assert [intent.part for intent in await desk.intents("entry")] == [0, 1, 2]
    assert sorted(await desk.resting()) == [("stop", D(10)), ("target", D(10))]
    assert await desk.network.board.past.look("wait.open") == []


async def test_a_halt_ends_the_slices_that_are_left() -> None:
    desk = await preferring("sliced")
    await desk.decide()
    await desk.network.tell(Draft(body=HaltOrder(reason="news"), tags=("dm:halt", "trader:halt")))
    await desk.calm(3)
    assert await desk.position() == D("3.33333")
    (ended,) = [b for b in await desk.statuses() if b.state == "cancelled" and b.leg == "entry"]
    assert (ended.why, ended.more) == ("halted: news", True)


async def test_no_slice_follows_a_position_that_was_stopped_out() -> None:
    desk = await preferring("sliced")
    await desk.decide()
    await desk.minute((100.0, 100.1, 97.0, 97.2))
    await desk.calm(3, 97.2)
    assert await desk.position() == 0
    assert len(await desk.intents("entry")) == 1
