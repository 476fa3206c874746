"""Start is recovery: whatever happened at the venue meanwhile is found, completed or named."""

from datetime import timedelta
from decimal import Decimal

from strandloom.blackboard.desk import Laid
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.attention import Attention, VenueDifference
from strandloom.teams.trader.foretelling import Foretelling
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.tracker import Tracker
from strandloom.teams.trader.wanted import Crossing
from strandloom.venues.port import Report
from tests.unit.teams.trader.decisions import an_intent
from tests.unit.teams.trader.desk import TradingDesk

D = Decimal


async def holding() -> TradingDesk:
    desk = TradingDesk()
    await desk.calm(30)
    await desk.decide()
    return desk


async def differences(desk: TradingDesk) -> list[tuple[str, str, bool]]:
    bodies = [strand.body for strand in await desk.network.said("venue_difference")]
    return [(b.what, b.theirs, b.settled) for b in bodies if isinstance(b, VenueDifference)]


async def by_hand(desk: TradingDesk, **changes: object) -> Report:
    """Somebody trades on the same account without us."""
    order = an_intent(**({"cloid": "0x" + "ee" * 16} | changes))
    return await desk.venue.real.place(order, desk.network.window.view().now)


async def test_a_stop_that_filled_while_nobody_was_there_closes_its_trade_once() -> None:
    desk = await holding()
    await desk.away((100.0, 100.1, 97.0, 97.2))
    await desk.away((97.2, 97.3, 97.1, 97.2))
    await desk.restart()
    await desk.restart()
    (closed,) = [body for body in await desk.statuses() if body.state == "closed"]
    assert closed.why == "stop"
    assert (await desk.tracked()).held == ()
    assert await desk.network.board.past.look("trade.open") == []


async def test_nothing_is_told_where_nothing_happened() -> None:
    desk = await holding()
    before = await desk.said()
    await desk.restart()
    assert await desk.said() == before
    assert await differences(desk) == []


async def test_every_fill_is_booked_once_however_often_it_is_read() -> None:
    desk = await holding()
    await desk.restart()
    await desk.calm(2)
    assert len(desk.network.board.slate.tables["ledger_transactions"]) == 1


async def test_a_position_that_was_closed_by_hand_ends_its_trade() -> None:
    desk = await holding()
    await by_hand(desk, side="sell", price=D(95), reduce_only=True)
    await desk.calm(2)
    (closed,) = [body for body in await desk.statuses() if body.state == "closed"]
    assert closed.realised_usd is not None and D(-20) < closed.realised_usd < 0
    (adopted,) = [body for body in await desk.statuses() if "outside Strandloom" in body.why]
    assert (adopted.leg, adopted.filled) == ("close", D(10))
    assert (await desk.tracked()).open_orders == 0


async def test_a_position_that_no_trade_explains_blocks_its_symbol_until_it_is_gone() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await by_hand(desk)
    await desk.restart()
    assert ("the position", "10.00000", False) in await differences(desk)
    assert (await desk.tracked()).unexplained == ("BTC",)
    await desk.decide(quantity=D(3))
    assert [body.state for body in await desk.statuses()] == ["pending"]
    await by_hand(desk, side="sell", price=D(95), reduce_only=True, cloid="0x" + "ef" * 16)
    await desk.calm(2)
    assert (await differences(desk))[-1][2]
    assert await desk.position() == 3


async def test_an_order_that_is_not_ours_is_named_and_blocks_its_symbol() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await by_hand(desk, price=D(90), time_in_force="gtc")
    await desk.restart()
    ((what, _, settled),) = await differences(desk)
    assert (what, settled) == ("an order", False)
    assert (await desk.tracked()).unexplained == ("BTC",)
    await desk.venue.real.cancel("BTC", "0x" + "ee" * 16, desk.network.window.view().now)
    await desk.calm(1)
    assert (await desk.tracked()).unexplained == ()


async def test_an_order_that_came_after_it_was_given_up_is_taken_back() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    desk.venue.lose_request = True
    await desk.decide(entry_type="limit", entry_price=D(95), time_in_force="gtc")
    await desk.calm(4)
    (lost,) = await desk.intents("entry")
    assert ("entry", "expired") in await desk.said()
    await desk.venue.real.place(lost, desk.network.window.view().now)
    assert await desk.resting() == [("entry", D(10))]
    await desk.restart()
    assert await desk.resting() == []


async def looked(desk: TradingDesk, beat: Strand, *, recovered: bool = True) -> Said:
    """What a tracker says of that minute while the venue does not answer: nothing, if it does not ask."""
    past, window = desk.network.board.past, desk.network.window
    tracker = Tracker(desk.venue, Readiness(recovered=recovered), Foretelling(Crossing()))
    return await tracker.handle(beat, Laid(beat.at, past, past, lambda at: window.view()))


async def test_of_a_backlog_of_minutes_a_venue_that_moves_by_itself_is_asked_in_the_newest() -> None:
    desk = await holding()
    await desk.calm(3)
    desk.venue.mode, desk.venue.silent = "testnet", True
    *_, earlier, newest = await desk.network.said("heartbeat")
    assert await looked(desk, earlier) == NOTHING
    assert (await looked(desk, newest)).drafts, "it was asked, and did not answer"
    assert (await looked(desk, earlier, recovered=False)).drafts, "the first look is never left out"
    desk.venue.mode = "paper"
    assert (await looked(desk, earlier)).drafts, "paper moves with each minute that it is told"


async def test_a_trade_is_never_closed_before_it_was_opened_however_far_behind_the_tracker_is() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    decided = await desk.decide()
    await desk.away((100.0, 100.2, 90.0, 91.0))
    tags = ("trader:attention", "trader:attention:news")
    behind = Draft(body=Attention(reason="news"), tags=tags, event_at=decided.at - timedelta(minutes=5))
    await desk.network.tell(behind, by="trader.upkeep")
    (trade,) = await desk.network.board.past.look("trade.closed")
    assert trade["closed_at"] == trade["opened_at"]
    orders = await desk.network.board.past.look("order.of", trade=trade["decision"])
    assert min(order["at"] for order in orders) >= trade["opened_at"]


async def test_a_position_that_appears_while_nothing_is_open_is_told_when_it_is_seen_twice() -> None:
    desk = TradingDesk()
    await desk.calm(30)
    await by_hand(desk)
    await desk.calm(32)  # an idle account is looked at once an hour
    assert await differences(desk) == [("the position", "10.00000", False)]
    await by_hand(desk, side="sell", price=D(95), reduce_only=True, cloid="0x" + "ef" * 16)
    await desk.calm(1)
    assert await differences(desk) == [("the position", "10.00000", False), ("the position", "0", True)]
