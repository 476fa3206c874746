"""Decisions wait for their condition, and a wait ends with a strand that says how."""

from datetime import timedelta
from decimal import Decimal

import pytest

from strandloom.blackboard.strand import Draft
from strandloom.kinds import condition as grammar
from strandloom.kinds.attention import Flatten
from strandloom.kinds.decision import HaltOrder
from strandloom.kinds.market import Quote
from strandloom.teams.trader.quote_watch import QuoteWatch
from tests.network import at_minute
from tests.unit.teams.trader.desk import Looking, TradingDesk, Watch

D = Decimal
ABOVE = grammar.PriceAbove(price=D("100.5"))


class NoFeed:
    """Quotes are put in by hand."""

    def quotes(self, symbols: object) -> None:
        raise AssertionError("nobody reads the feed here")


async def waiting(**changes: object) -> TradingDesk:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide(**({"condition": ABOVE} | changes))
    return desk


def watching(desk: TradingDesk, watch: Watch) -> QuoteWatch:
    return QuoteWatch(Looking(desk.network), NoFeed(), ("BTC",), desk.network.window.view, watch)  # type: ignore[arg-type]


def a_quote(bid: str, ask: str, watch: Watch) -> Quote:
    return Quote(
        venue="test", symbol="BTC", at=watch.at, bid=D(bid), bid_size=D(5), ask=D(ask), ask_size=D(5)
    )


async def test_a_wait_begins_with_its_condition_the_value_now_and_how_far_it_is() -> None:
    desk = await waiting()
    (pending,) = await desk.statuses()
    assert (pending.state, pending.condition, pending.value) == ("pending", "price above 100.5", "100.05")
    assert pending.distance == "45.0 bps"


async def test_a_quote_between_two_minutes_meets_the_condition_and_the_order_goes_out_once() -> None:
    desk = await waiting()
    watch = Watch(30)
    quotes = watching(desk, watch)
    await quotes.refresh()
    watch.at += timedelta(seconds=20)
    for bid, ask in (("100.3", "100.4"), ("100.55", "100.65"), ("100.6", "100.7")):
        quotes._quotes["BTC"] = a_quote(bid, ask, watch)
        await quotes.check()
    (met,) = await desk.network.said("condition_met")
    assert met.body.value == "100.6"  # type: ignore[attr-defined]
    (intent,) = await desk.intents("entry")
    assert intent.arrival == D("100.6")
    assert await desk.position() == 10
    await desk.minute((100.5, 100.9, 100.4, 100.8))
    assert len(await desk.intents("entry")) == 1


async def test_an_old_quote_meets_nothing() -> None:
    desk = await waiting()
    watch = Watch(30)
    quotes = watching(desk, watch)
    await quotes.refresh()
    quotes._quotes["BTC"] = a_quote("101", "101.1", watch)
    watch.at += timedelta(minutes=2)
    await quotes.check()
    assert await desk.network.said("condition_met") == []


@pytest.mark.parametrize("ending", ["halt", "flatten", "expiry", "replacement"])
async def test_every_end_of_a_wait_says_which_it_was(ending: str) -> None:
    desk = TradingDesk()
    await desk.calm(30)
    plan = (await desk.decide(condition=ABOVE, expires_at=at_minute(33))).id
    first = await desk.network.board.past.look("wait.open")
    assert len(first) == 1
    if ending == "halt":
        await desk.network.tell(Draft(body=HaltOrder(reason="news"), tags=("trader:halt", "dm:halt")))
    elif ending == "flatten":
        await desk.network.tell(Draft(body=Flatten(reason="enough"), tags=("trader:flatten",)))
    elif ending == "expiry":
        await desk.calm(4)
    else:
        await desk.decide(condition=ABOVE, plan=plan)
        await desk.decide(condition=ABOVE, replaces=plan)
    told = [(b.state, b.why) for b in await desk.statuses() if b.state in ("cancelled", "expired")]
    assert told == [
        {
            "halt": ("cancelled", "halted: news"),
            "flatten": ("cancelled", "flattened: enough"),
            "expiry": ("expired", "its condition was not met in time"),
            "replacement": ("cancelled", "replaced by a newer plan"),
        }[ending]
    ]


async def test_missing_data_is_never_met() -> None:
    desk = await waiting(condition=grammar.Not(condition=grammar.PriceAbove(price=D(150))))
    assert await desk.position() == 10
    other = await waiting(condition=grammar.Not(condition=grammar.SpreadBelow(bps=D(1))))
    await other.calm(2)
    assert await other.position() == 0


@pytest.mark.parametrize("by", ["people.somebody", "decision_maker.planner", "trader.orders2"])
async def test_only_the_gate_and_the_closer_decide(by: str) -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide(by=by)
    (refused,) = await desk.network.said("handler_refused")
    assert refused.body.rule == "who_may_decide"  # type: ignore[attr-defined]
    assert await desk.intents("entry") == []


async def test_a_minute_told_after_a_downtime_opens_nothing() -> None:
    desk = await waiting()
    await desk.network.minute({"BTC": (100.5, 101.0, 100.4, 100.9)}, catch_up=True)
    assert await desk.intents("entry") == []
    await desk.minute((100.9, 101.0, 100.8, 100.9))
    assert len(await desk.intents("entry")) == 1
