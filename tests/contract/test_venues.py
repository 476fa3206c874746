"""What every venue promises: paper, Hyperliquid over HTTP, and the one that falls back between several."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from strandloom.exchange.asset import e8
from strandloom.exchange.commands import Trigger
from strandloom.kinds.order import OrderIntent
from tests.contract.venue_stages import STAGES, Stage
from tests.unit.venues.orders import an_intent, cloid

D = Decimal
LOT = D("0.01")


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with STAGES[request.param]() as made:
        yield made


def asked(stage: Stage, **changed: Any) -> OrderIntent:
    """Buy a hundredth of a Bitcoin at once."""
    usual = {"venue": stage.venue.name, "quantity": LOT, "price": D(101_000)}
    return an_intent(**{**usual, **changed})


def a_stop(stage: Stage, trigger: int = 99_000, **changed: Any) -> OrderIntent:
    usual = {"leg": "stop", "side": "sell", "trigger": D(trigger), "price": D(90_000), "reduce_only": True}
    return asked(stage, time_in_force="gtc", **{**usual, **changed})


async def test_a_crossing_order_fills_and_a_second_time_changes_nothing(stage: Stage) -> None:
    intent = asked(stage)
    first = await stage.venue.place(intent, stage.now)
    again = await stage.venue.place(intent, stage.now)
    assert (first.state, first.filled) == ("filled", LOT)
    assert first.average_price is not None and first.average_price > 99_000
    assert first.fee_usd > 0
    assert (again.state, again.filled, again.average_price) == ("filled", LOT, first.average_price)
    assert len(await stage.venue.fills(stage.now - timedelta(hours=1))) == 1


async def test_a_resting_order_is_shown_until_it_is_cancelled(stage: Stage) -> None:
    intent = asked(stage, price=D(90_000), time_in_force="gtc")
    placed = await stage.venue.place(intent, stage.now)
    assert (placed.state, placed.filled) == ("acknowledged", D(0))
    (shown,) = await stage.venue.open_orders()
    assert (shown.cloid, shown.oid, shown.symbol, shown.side) == (intent.cloid, placed.oid, "BTC", "buy")
    assert (shown.price, shown.quantity, shown.trigger, shown.reduce_only) == (D(90_000), LOT, None, False)
    assert (await stage.venue.balance()).open_orders == 1
    for _ in range(2):
        over = await stage.venue.cancel("BTC", intent.cloid, stage.now)
        assert over is not None and over.state == "cancelled"
    assert list(await stage.venue.open_orders()) == []


async def test_nothing_is_known_of_an_order_that_was_never_placed(stage: Stage) -> None:
    assert await stage.venue.order(cloid(10**9)) is None
    assert await stage.venue.cancel("BTC", cloid(10**9), stage.now) is None
    assert await stage.venue.modify(asked(stage), stage.now) is None


async def test_what_somebody_else_placed_is_shown_and_can_be_taken_back(stage: Stage) -> None:
    stage.by_hand(90_000)
    stage.by_hand(91_000)
    first, second = await stage.venue.open_orders()
    assert (first.cloid, first.price, first.venue) == (None, D(90_000), second.venue)
    for _ in range(2):  # the second time it is gone already
        assert await stage.venue.take_back(first, stage.now)
    assert list(await stage.venue.open_orders()) == [second]


async def test_what_only_reduces_ends_with_its_position(stage: Stage) -> None:
    stage.by_hand(101_000, tif="Ioc")
    stage.by_hand(110_000, is_buy=False, reduce_only=True)
    stage.by_hand(99_000, is_buy=False, reduce_only=True, trigger=Trigger(e8(D(99_000)), True, "sl"))
    assert len(await stage.venue.open_orders()) == 2
    close = asked(stage, leg="close", side="sell", price=D(90_000), reduce_only=True)
    assert (await stage.venue.place(close, stage.now)).filled == LOT
    assert list(await stage.venue.open_orders()) == []


async def test_a_cancelled_order_is_not_placed_again(stage: Stage) -> None:
    intent = asked(stage, price=D(90_000), time_in_force="gtc")
    await stage.venue.place(intent, stage.now)
    await stage.venue.cancel("BTC", intent.cloid, stage.now)
    assert (await stage.venue.place(intent, stage.now)).state == "cancelled"
    assert list(await stage.venue.open_orders()) == []


async def test_a_stop_waits_for_the_mark_and_then_closes_the_position(stage: Stage) -> None:
    await stage.venue.place(asked(stage), stage.now)
    stop = a_stop(stage)
    assert (await stage.venue.place(stop, stage.now)).state == "acknowledged"
    (waiting,) = await stage.venue.open_orders()
    assert (waiting.trigger, waiting.reduce_only) == (D(99_000), True)
    await stage.minute(low=98_900.0, close=98_950.0)
    await stage.minute(low=98_900.0, close=98_950.0)
    report = await stage.venue.order(stop.cloid)
    assert report is not None and (report.state, report.filled) == ("filled", LOT)
    assert (await stage.venue.balance()).positions == ()


def with_a_stop(stage: Stage, trigger: int = 99_000, **changed: Any) -> tuple[OrderIntent, OrderIntent]:
    """An entry and the stop that goes along."""
    entry = asked(stage, **changed)
    return entry, a_stop(stage, trigger, quantity=entry.quantity)


async def test_a_stop_that_goes_along_works_as_soon_as_its_entry_is_filled_whole(stage: Stage) -> None:
    entry, stop = with_a_stop(stage)
    for _ in range(2):
        assert (await stage.venue.place(entry, stage.now, stop)).state == "filled"
    (working,) = await stage.venue.open_orders()
    assert (working.cloid, working.trigger, working.reduce_only) == (stop.cloid, D(99_000), True)
    told = await stage.venue.order(stop.cloid)
    assert told is not None and told.state == "acknowledged"
    await stage.minute(low=98_900.0, close=98_950.0)
    await stage.minute(low=98_900.0, close=98_950.0)
    assert (await stage.venue.balance()).positions == ()
    told = await stage.venue.order(stop.cloid)
    assert told is not None and (told.state, told.filled) == ("filled", LOT)


async def test_while_its_entry_rests_the_stop_waits_and_takes_over_when_that_fills(stage: Stage) -> None:
    entry, stop = with_a_stop(stage, price=D(99_800), time_in_force="gtc")
    assert (await stage.venue.place(entry, stage.now, stop)).state == "acknowledged"
    assert (await stage.venue.balance()).open_orders == 2
    assert {one.cloid for one in await stage.venue.open_orders()} == {entry.cloid, stop.cloid}
    told = await stage.venue.order(stop.cloid)
    assert told is not None and told.state == "acknowledged"
    await stage.minute(low=99_500.0, close=99_600.0)
    told = await stage.venue.order(entry.cloid)
    assert told is not None and told.state == "filled"
    (working,) = await stage.venue.open_orders()
    assert (working.cloid, working.quantity) == (stop.cloid, LOT)


@pytest.mark.parametrize("in_part", [False, True])
async def test_an_entry_that_is_cancelled_takes_its_stop_along(stage: Stage, in_part: bool) -> None:
    entry, stop = with_a_stop(stage, price=D(99_800), time_in_force="gtc", quantity=D("0.09"))
    await stage.venue.place(entry, stage.now, stop)
    if in_part:
        await stage.minute(low=99_500.0, close=99_900.0, volume=0.5)
        told = await stage.venue.order(entry.cloid)
        assert told is not None and told.state == "partly_filled"
    over = await stage.venue.cancel("BTC", entry.cloid, stage.now)
    assert over is not None and over.state == ("filled" if in_part else "cancelled")
    assert list(await stage.venue.open_orders()) == []
    told = await stage.venue.order(stop.cloid)
    assert told is not None and told.state == "cancelled"


async def test_a_crossing_entry_that_is_filled_in_part_leaves_no_stop_behind(stage: Stage) -> None:
    for _ in range(110):
        await stage.minute(volume=1.0)  # the book thins out
    entry, stop = with_a_stop(stage, price=D(100_006), quantity=D("0.9"))
    report = await stage.venue.place(entry, stage.now, stop)
    assert report.state == "filled" and 0 < report.filled < D("0.9")
    assert list(await stage.venue.open_orders()) == []
    told = await stage.venue.order(stop.cloid)
    assert told is not None and told.state == "cancelled"


@pytest.mark.parametrize(
    ("trigger", "changed"), [(99_000, {"quantity": D(5)}), (101_500, {}), (99_000, {"price": D(90_000)})]
)
async def test_an_entry_that_is_refused_is_refused_with_its_stop(
    stage: Stage, trigger: int, changed: dict[str, Any]
) -> None:
    entry, stop = with_a_stop(stage, trigger, **changed)
    for _ in range(2):
        assert (await stage.venue.place(entry, stage.now, stop)).state == "rejected"
    assert list(await stage.venue.open_orders()) == []
    told = await stage.venue.order(stop.cloid)
    assert told is None or told.state in ("cancelled", "rejected")


async def test_what_rests_takes_on_another_price_and_size_under_the_same_name(stage: Stage) -> None:
    intent = asked(stage, price=D(90_000), time_in_force="gtc")
    first = await stage.venue.place(intent, stage.now)
    moved = await stage.venue.modify(replace(intent, price=D(91_000), quantity=2 * LOT), stage.now)
    assert moved is not None and moved.state == "acknowledged" and moved.oid != first.oid
    (shown,) = await stage.venue.open_orders()
    assert (shown.cloid, shown.price, shown.quantity) == (intent.cloid, D(91_000), 2 * LOT)


async def test_a_stop_can_be_moved(stage: Stage) -> None:
    await stage.venue.place(asked(stage), stage.now)
    stop = a_stop(stage)
    await stage.venue.place(stop, stage.now)
    await stage.venue.modify(replace(stop, trigger=D(99_500)), stage.now)
    (shown,) = await stage.venue.open_orders()
    assert (shown.cloid, shown.trigger) == (stop.cloid, D(99_500))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"quantity": D("0.00005"), "price": D(101_000)}, "minimum value"),
        ({"quantity": D("5"), "price": D(101_000)}, "margin"),
        ({"side": "sell", "price": D(99_000), "reduce_only": True}, "reduce only"),
        ({"price": D(101_000), "time_in_force": "alo"}, "post only"),
        ({"price": D(90_000)}, "could not immediately match"),
        ({"symbol": "NOPE"}, "not listed"),
    ],
)
async def test_a_refusal_keeps_the_venues_words_and_stays(
    stage: Stage, changed: dict[str, Any], words: str
) -> None:
    intent = asked(stage, **changed)
    first = await stage.venue.place(intent, stage.now)
    assert first.state == "rejected"
    assert words in first.why.lower()
    assert (await stage.venue.place(intent, stage.now)).state == "rejected"
    assert list(await stage.venue.fills(stage.now - timedelta(hours=1))) == []


async def test_a_price_between_two_ticks_goes_to_the_side_that_was_decided(stage: Stage) -> None:
    buy = asked(stage, price=D("90000.7"), time_in_force="gtc")
    sell = asked(stage, side="sell", price=D("110000.2"), time_in_force="gtc")
    await stage.venue.place(buy, stage.now)
    await stage.venue.place(sell, stage.now)
    assert [order.price for order in await stage.venue.open_orders()] == [D(90_000), D(110_001)]


async def test_fills_come_from_a_moment_on_oldest_first_with_what_the_books_need(stage: Stage) -> None:
    entry = asked(stage)
    await stage.venue.place(entry, stage.now)
    await stage.minute()
    part = asked(stage, side="sell", price=D(90_000), quantity=LOT / 2, reduce_only=True)
    report = await stage.venue.place(part, stage.now)
    first, second = await stage.venue.fills(stage.now - timedelta(hours=1))
    assert (first.cloid, first.side, first.quantity) == (entry.cloid, "buy", LOT)
    assert (second.cloid, second.side, second.quantity) == (part.cloid, "sell", LOT / 2)
    assert {first.venue, second.venue} == {stage.venue.account_of(first.venue).name}
    assert not first.maker and first.at <= second.at
    assert second.closed_pnl_usd == (second.price - first.price) * second.quantity
    assert report.fee_usd == second.fee_usd
    assert list(await stage.venue.fills(second.at)) == [second]


async def test_the_balance_is_what_was_paid_in_and_what_trading_made_of_it(stage: Stage) -> None:
    await stage.venue.place(asked(stage), stage.now)
    await stage.minute(close=100_500.0, high=100_500.0)
    balance = await stage.venue.balance()
    (position,) = balance.positions
    assert (position.symbol, position.quantity) == ("BTC", LOT)
    fees = sum(fill.fee_usd for fill in await stage.venue.fills(stage.now - timedelta(hours=1)))
    assert balance.flows_usd == stage.cash
    assert balance.cash_usd == stage.cash - fees
    assert balance.equity_usd == balance.cash_usd + position.unrealised_usd
    assert position.mark == (await stage.venue.marks())["BTC"]
    assert list(await stage.venue.positions()) == [position]
    (mine,) = [one for account in stage.venue.accounts for one in await account.positions()]
    assert (mine.symbol, mine.quantity) == ("BTC", LOT)


async def test_funding_is_told_once_an_hour(stage: Stage) -> None:
    await stage.venue.place(asked(stage), stage.now)
    begun = stage.now
    for _ in range(65):
        await stage.minute()
    (paid,) = await stage.venue.fundings(begun)
    assert (paid.symbol, paid.at.minute) == ("BTC", 0)
    assert paid.venue in {account.name for account in stage.venue.accounts}
    assert paid.usd == await stage.venue.funding_usd("BTC", begun, stage.now) != 0


async def test_an_instrument_has_the_venues_lot_and_smallest_order(stage: Stage) -> None:
    instrument = stage.venue.instrument("BTC")
    assert instrument is not None
    assert (instrument.lot, instrument.smallest_usd, instrument.max_leverage) == (D("0.00001"), D(10), 40)


async def test_a_scheduled_cancel_is_not_for_those_who_trade_too_little(stage: Stage) -> None:
    assert not await stage.venue.schedule_cancel(stage.now + timedelta(minutes=5))


async def test_a_reduce_only_order_that_is_too_large_closes_and_no_more(stage: Stage) -> None:
    await stage.venue.place(asked(stage), stage.now)
    close = asked(stage, leg="close", side="sell", price=D(90_000), quantity=3 * LOT, reduce_only=True)
    report = await stage.venue.place(close, stage.now)
    assert (report.state, report.filled) == ("filled", LOT)
    assert (await stage.venue.balance()).positions == ()
