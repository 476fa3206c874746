"""A timeout never means rejected: an order in doubt is found, or given up when it can come no more."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from strandloom.blackboard.strand import Draft, Said, Strand
from strandloom.kinds import condition as grammar
from strandloom.kinds.attention import Flatten
from strandloom.kinds.order import OrderIntent, OrderStatus
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.upkeep import Upkeep
from tests.network import NOON, at_minute
from tests.unit.teams.trader.decisions import an_intent
from tests.unit.teams.trader.desk import Looking, TradingDesk, Watch

D = Decimal
CLOID = "0x" + "ab" * 16


IN_DOUBT = [("entry", "unknown"), ("stop", "unknown"), ("take_profit", "cancelled")]  # one request, one fate


async def in_doubt(*, arrived: bool) -> TradingDesk:
    """An entry was sent, and no answer came back."""
    desk = TradingDesk()
    await desk.calm(30)
    desk.venue.lose_reply = arrived
    desk.venue.lose_request = not arrived
    await desk.decide()
    return desk


async def test_an_order_without_an_answer_is_unknown_and_its_symbol_in_doubt() -> None:
    desk = await in_doubt(arrived=False)
    assert await desk.said() == IN_DOUBT
    assert (await desk.tracked()).in_doubt == ("BTC",)


async def test_an_order_that_arrived_is_found_by_its_id_and_protected() -> None:
    desk = await in_doubt(arrived=True)
    await desk.calm(1)
    assert ("entry", "filled") in await desk.said()
    assert sorted(await desk.resting()) == [("stop", D(10)), ("target", D(10))]
    assert (await desk.tracked()).in_doubt == ()
    assert len([intent for intent in desk.venue.placed if intent.leg == "entry"]) == 1


async def test_that_the_venue_does_not_know_an_order_proves_nothing_while_it_may_still_come() -> None:
    desk = await in_doubt(arrived=False)
    await desk.calm(2)
    assert await desk.said() == IN_DOUBT
    await desk.calm(2)
    assert sorted((await desk.said())[3:]) == [("entry", "expired"), ("stop", "expired")]
    assert (await desk.tracked()).in_doubt == ()
    assert await desk.position() == 0


async def test_an_order_that_the_venue_has_forgotten_is_known_by_its_fills() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    desk.venue.lose_reply = desk.venue.knows_nothing = True
    await desk.decide()
    (told,) = [body for body in await desk.statuses() if body.state == "filled" and body.leg == "entry"]
    assert (told.filled, told.why) == (D(10), "known by its fills")


async def test_nothing_is_opened_on_a_symbol_in_doubt_until_it_is_cleared() -> None:
    desk = await in_doubt(arrived=False)
    await desk.decide(quantity=D(3))
    (pending,) = [body for body in await desk.statuses() if body.state == "pending"]
    assert "is unknown" in (pending.condition or "")
    assert len(await desk.intents("entry")) == 1
    await desk.calm(4)
    assert [intent.quantity for intent in await desk.intents("entry")] == [D(10), D(3)]
    assert await desk.position() == 3


async def test_the_upkeep_asks_again_with_growing_pauses_and_finds_it_between_two_minutes() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    desk.venue.break_line = True
    await desk.decide()
    desk.venue.silent = False
    watch = Watch(30)
    upkeep = Upkeep(Looking(desk.network), desk.venue, watch, 5.0, desk.readiness)
    await upkeep.once()
    assert ("entry", "filled") not in await desk.said()
    watch.at += timedelta(seconds=1)
    await upkeep.once()
    assert ("entry", "filled") in await desk.said()
    assert sorted(await desk.resting()) == [("stop", D(10)), ("target", D(10))]


async def test_an_intent_that_was_handled_before_asks_the_venue_before_it_sends() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    entry = await desk.decide()
    asked = await asked_for(desk)
    assert isinstance(asked.body, OrderIntent) and asked.body.decision == entry.id
    assert (await tried_again(desk, asked)).drafts == ()
    assert len([one for one in desk.venue.placed if one.leg == "entry"]) == 1


@pytest.mark.parametrize(("symbol", "times"), [("BTC", 0), ("ETH", 1)])
async def test_an_entry_held_up_until_after_a_flatten_is_not_sent_any_more(symbol: str, times: int) -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide()
    asked = await asked_for(desk)
    await desk.network.tell(Draft(body=Flatten(reason="enough", symbol=symbol), tags=("trader:flatten",)))
    late = replace(asked, body=replace(asked.body, cloid=CLOID))  # type: ignore[type-var]
    said = await tried_again(desk, late)
    assert [one.cloid for one in desk.venue.placed].count(CLOID) == times
    told = [draft.body for draft in said.drafts if isinstance(draft.body, OrderStatus)]
    given_up = [body for body in told if body.leg == "entry" and body.why == "flattened: enough"]
    assert [body.state for body in given_up] == ["cancelled"] * (1 - times)


async def asked_for(desk: TradingDesk) -> Strand:
    """The strand in which the entry was asked for."""
    (intent,) = await desk.intents("entry")
    (strand,) = [s for s in await desk.network.said("order_intent") if s.body is intent]
    return strand


async def tried_again(desk: TradingDesk, asked: Strand) -> Said:
    """What the sender says at its second attempt."""
    sender = next(s.module for s, _ in desk.network.board.chairs if s.module.name == "trader.sender")
    lay = desk.network.board._desks
    assert lay is not None
    return await sender.again(asked, lay(asked))  # type: ignore[attr-defined, no-any-return]


async def test_an_intent_from_before_the_start_asks_the_venue_before_it_sends() -> None:
    desk = TradingDesk(readiness=Readiness(began=NOON + timedelta(days=1)))
    await desk.calm(30)
    decision = (await desk.decide(condition=grammar.PriceAbove(price=D(150)))).id
    lost = an_intent(decision=decision, cloid="0x" + "ab" * 16, expires_at=at_minute(10_000))
    await desk.venue.real.place(lost, desk.network.window.view().now)
    draft = Draft(body=lost, tags=("trader:order_intent",), symbol="BTC")
    await desk.network.tell(draft, by="trader.orders")
    assert [one for one in desk.venue.placed if one.leg == "entry"] == []
    assert ("entry", "filled") in await desk.said()
    assert await desk.position() == 10


async def test_an_entry_whose_time_was_over_before_it_could_be_sent_is_not_sent() -> None:
    desk = TradingDesk(now=lambda: at_minute(45))
    await desk.calm(30)
    await desk.decide(expires_at=at_minute(40))
    assert await desk.said() == [("entry", "expired"), ("stop", "cancelled"), ("take_profit", "cancelled")]
    assert desk.venue.placed == []
    assert await desk.network.board.past.look("order.live") == []


async def test_only_the_trader_itself_asks_for_orders() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    draft = Draft(body=an_intent(), tags=("trader:order_intent",), symbol="BTC")
    await desk.network.tell(draft, by="people.somebody")
    (refused,) = await desk.network.said("handler_refused")
    assert refused.body.rule == "who_may_ask"  # type: ignore[attr-defined]
    assert desk.venue.placed == []


async def test_a_silent_venue_is_told_once_as_unhealthy_and_nothing_breaks() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide()
    desk.venue.silent = True
    await desk.calm(3)
    assert not (await desk.tracked()).venue_healthy
    desk.venue.silent = False
    await desk.calm(1)
    assert (await desk.tracked()).venue_healthy
    assert isinstance((await desk.intents("entry"))[0], OrderIntent)
