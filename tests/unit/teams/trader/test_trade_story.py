"""A plan by hand through approval, fill, stop or target, and closing, on the built-in exchange."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic_core import to_json

from strandloom.blackboard import rows
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft
from strandloom.exchange.engine import Engine
from strandloom.kinds import condition as grammar
from strandloom.kinds.decision import HaltOrder
from strandloom.kinds.order import OrderIntent, OrderStatus
from strandloom.kinds.position import PositionTracking
from strandloom.risk.limits import load
from strandloom.teams.decision_maker.account import AccountKeeper
from strandloom.teams.decision_maker.breaker import Breaker
from strandloom.teams.decision_maker.closer import Closer
from strandloom.teams.decision_maker.gate import Gate
from strandloom.teams.trader import team as trader
from strandloom.venues.paper import PaperVenue
from tests.network import Network, at_minute
from tests.unit.teams.decision_maker.plans import plan_draft

D = Decimal


def a_trading_network(minutes: int = 90) -> tuple[Network, PaperVenue]:
    venue = PaperVenue(Engine(), D(100_000))
    trading = trader.seats(venue)
    seats = [
        trading[0],
        Seat(module=Breaker(), order="free"),
        Seat(module=AccountKeeper(load), order="free"),
        Seat(module=Gate(venue, load, paper=True), order="free"),
        Seat(module=Closer(venue, load), order="free"),
        *trading[1:],
    ]
    return Network(seats, ("BTC",)), venue


async def calm(network: Network, minutes: int, price: float = 100.0) -> None:
    for i in range(minutes):
        await network.minute({"BTC": (price, price + 0.2, price - 0.2, price + 0.05 * (i % 2))})


async def bought(**plan: Any) -> Network:
    network, _ = a_trading_network()
    await calm(network, 90)
    await network.tell(plan_draft(**plan))
    return network


async def states(network: Network) -> list[tuple[str, str]]:
    bodies = [s.body for s in await network.said("order_status")]
    return [(b.leg, b.state) for b in bodies if isinstance(b, OrderStatus)]


async def tracked(network: Network) -> PositionTracking:
    body = (await network.said("position_tracking"))[-1].body
    assert isinstance(body, PositionTracking)
    return body


async def test_an_approved_plan_is_filled_and_at_once_has_a_stop_and_a_target() -> None:
    network = await bought()
    assert await states(network) == [
        ("entry", "filled"),
        ("stop", "acknowledged"),
        ("take_profit", "acknowledged"),
    ]
    now = await tracked(network)
    (held,) = now.held
    assert (held.quantity, held.stop) == (D(10), D(98))
    assert now.unexplained == ()
    assert now.equity_usd < D(100_000)
    (claim,) = await network.board.past.look("budget.live")
    assert claim["state"] == "used"
    assert D(claim["risk_usd"]) == held.risk_usd


async def test_guards_on_their_way_are_told_with_the_position_so_that_the_next_minute_says_nothing() -> None:
    network = await bought()
    told = await network.said("position_tracking")
    assert (await tracked(network)).open_orders == 2
    await calm(network, 1)
    assert await network.said("position_tracking") == told


async def test_the_stop_ends_the_trade_once_and_the_books_agree_with_the_venue() -> None:
    network = await bought()
    await network.minute({"BTC": (100.0, 100.1, 97.0, 97.2)})
    await calm(network, 3, 97.2)
    closed = [s for s in await network.said("order_status") if s.body.state == "closed"]  # type: ignore[attr-defined]
    (strand,) = closed
    assert isinstance(strand.body, OrderStatus)
    assert strand.body.why == "stop"
    assert strand.body.realised_usd is not None and D(-30) < strand.body.realised_usd < D(-20)
    now = await tracked(network)
    assert now.held == ()
    assert now.open_orders == 0
    assert now.equity_usd == D(100_000) + strand.body.realised_usd
    assert await network.board.past.look("budget.live") == []
    assert await network.board.past.look("order.live") == []


async def test_the_target_ends_it_with_a_gain() -> None:
    network = await bought()
    await network.minute({"BTC": (100.0, 104.0, 99.9, 103.5)})
    await calm(network, 3, 103.5)
    (closed,) = await network.board.past.look("trade.closed")
    assert D(closed["realised_usd"]) > 20
    assert (await tracked(network)).equity_usd == D(100_000) + D(closed["realised_usd"])


async def test_time_ends_it() -> None:
    network = await bought(time_limit_s=300)
    await calm(network, 7)
    (closed,) = await network.board.past.look("trade.closed")
    assert ("close", "filled") in await states(network)
    assert (await tracked(network)).held == ()
    assert -20 < D(closed["realised_usd"]) < 0


async def test_a_short_is_protected_above() -> None:
    network = await bought(side="sell", stop=D(102), take_profit=D(97))
    (held,) = (await tracked(network)).held
    assert held.quantity == D(-10)
    await network.minute({"BTC": (100.0, 103.0, 99.9, 102.8)})
    await calm(network, 3, 102.8)
    assert (await tracked(network)).held == ()


async def test_a_condition_is_waited_for_and_then_acted_on() -> None:
    network = await bought(condition=grammar.PriceAbove(price=D("100.08")))
    (pending,) = [s.body for s in await network.said("order_status")]
    assert isinstance(pending, OrderStatus)
    assert (pending.state, pending.condition, pending.value) == ("pending", "price above 100.08", "100.05")
    await calm(network, 2)
    assert len(await network.said("order_intent")) == 0
    await network.minute({"BTC": (100.0, 100.2, 99.9, 100.1)})
    assert ("entry", "filled") in await states(network)
    assert await network.board.past.look("wait.open") == []


@pytest.mark.parametrize("ending", ["expired", "cancelled"])
async def test_a_wait_ends_by_expiry_or_halt_and_releases_the_budget(ending: str) -> None:
    waiting = grammar.PriceAbove(price=D(150))
    network = await bought(condition=waiting, expires_at=at_minute(93))
    if ending == "cancelled":
        await network.tell(Draft(body=HaltOrder(reason="news"), tags=("dm:halt",)))
    await calm(network, 4)
    assert ("entry", ending) in await states(network)
    assert await network.board.past.look("budget.live") == []


@pytest.mark.parametrize("ending", ["expired", "cancelled"])
async def test_an_entry_that_rests_too_long_or_into_a_halt_is_taken_back(ending: str) -> None:
    network = await bought(entry_type="limit", entry_price=D("99.5"), expires_at=at_minute(93))
    assert await states(network) == [("entry", "acknowledged"), ("stop", "acknowledged")]
    if ending == "cancelled":
        await network.tell(Draft(body=HaltOrder(reason="news"), tags=("dm:halt",)))
    await calm(network, 4)
    assert (await states(network))[-2:] == [("entry", ending), ("stop", "cancelled")]
    assert (await tracked(network)).open_orders == 0
    assert await network.board.past.look("budget.live") == []


async def test_an_entry_that_fills_later_is_protected_when_it_fills() -> None:
    network = await bought(entry_type="limit", entry_price=D("99.5"))
    await network.minute({"BTC": (100.0, 100.2, 99.2, 99.8)})
    await calm(network, 2)
    told = await states(network)
    assert ("entry", "filled") in told
    assert ("stop", "acknowledged") in told
    (held,) = (await tracked(network)).held
    assert held.quantity == D(10)


async def test_the_same_intent_sent_again_is_the_same_order() -> None:
    network = await bought()
    intents = [s for s in await network.said("order_intent") if s.body.leg == "entry"]  # type: ignore[attr-defined]
    (intent,) = intents
    assert isinstance(intent.body, OrderIntent)
    venue = PaperVenue(Engine(), D(100_000))
    view = network.window.view()
    await venue.follow(view)
    first = await venue.place(intent.body, view.now)
    again = await venue.place(intent.body, view.now)
    assert first == again
    assert len((await venue.balance()).positions) == 1
    assert (await venue.balance()).positions[0].quantity == D(10)


async def test_a_symbol_with_a_position_takes_no_second_one() -> None:
    network = await bought()
    await network.tell(plan_draft(idea="BTC:buy:other"))
    (refusal,) = await network.said("refusal")
    assert "one_position" in refusal.body.reason  # type: ignore[attr-defined]
    assert len(await network.said("decision")) == 1
    assert len(await network.board.past.look("budget.live")) == 1


async def test_two_runs_say_the_same_to_the_letter() -> None:
    async def story() -> list[str]:
        network = await bought()
        await network.minute({"BTC": (100.0, 100.1, 97.0, 97.2)})
        await calm(network, 3, 97.2)
        return [to_json(rows.dump(strand)).decode() for strand in network.board.slate.archive.all()]

    assert await story() == await story()
