"""The venue, and the way to it, broken in every way that the exchange's fault controls know."""

from decimal import Decimal

import pytest

from strandloom.exchange.asset import e8
from strandloom.exchange.commands import Ask, Place
from strandloom.venues.account_feed import AccountSnapshot
from tests.acceptance.faults.floor import LOT, Floor, a_floor
from tests.acceptance.faults.table import fault
from tests.integration.venues.test_doubts import SlowRoad

D = Decimal


async def opened(floor: Floor) -> None:
    """A position with its stop, as it should be."""
    await floor.decide()
    await floor.minute()
    assert (floor.position(), floor.guarded()) == (LOT, LOT)


async def ended(floor: Floor) -> None:
    """The position was closed once, and nothing rests any more."""
    assert (floor.position(), floor.resting()) == (0, [])
    assert await floor.network.board.past.look("trade.open") == []
    assert len(await floor.network.board.past.look("trade.closed")) == 1
    assert (await floor.reconciled()).agrees


@fault("the reply to an entry is lost after it was filled", "found by its id, filled once; its stop stands")
async def test_lost_reply() -> None:
    async with a_floor() as floor:
        floor.breaks("drop_reply")
        await floor.decide()
        await floor.minutes(2)
        await floor.is_true()


@fault("the reply to a stop is lost after it was placed", "found by its id; one stop stands, not two")
async def test_lost_reply_of_a_stop() -> None:
    async with a_floor() as floor:
        await floor.decide(entry_type="limit", entry_price=D(99_900), time_in_force="gtc", take_profit=None)
        floor.breaks("drop_reply")  # of the next request, which is the stop's
        await floor.minute(100_000.0, 100_000.0, 99_500.0, 99_600.0)
        await floor.minutes(2)
        assert (await floor.said("stop"))[0] in ("unknown", "acknowledged")
        await floor.is_true()
        assert len([order for order in floor.resting() if order.is_trigger]) == 1


@fault("the request of an entry is lost", "its nonce is used up, so it can never come; sent anew or given up")
async def test_lost_request() -> None:
    async with a_floor() as floor:
        floor.breaks("refuse")
        await floor.decide()
        await floor.minutes(4)
        assert floor.bought() in (0, LOT)
        await floor.is_true(bought=floor.bought())


@fault("every reply is lost for a while", "in doubt until one comes through; filled once")
async def test_no_replies() -> None:
    async with a_floor() as floor:
        floor.breaks("drop_reply", where=None, times=None)
        floor.venue_answers = False
        await floor.decide()
        await floor.minutes(3)
        floor.heals()
        floor.venue_answers = True
        await floor.minutes(3)
        assert floor.bought() in (0, LOT)
        await floor.is_true(bought=floor.bought())


@fault(
    "a request arrives long after it was given up", "refused by its nonce; what was sent anew is the only one"
)
async def test_late_request() -> None:
    road = SlowRoad()
    async with a_floor(transport=road) as floor:
        road.holds = True
        await floor.decide()
        await floor.minutes(4)
        before = floor.bought()
        assert "duplicate nonce" in await road.arrives()
        await floor.minutes(1)
        await floor.is_true(bought=before)


@fault("a request is held up beyond its expiry", "refused by the venue as expired; nothing of it acts")
async def test_delay_beyond_expiry() -> None:
    async with a_floor() as floor:
        floor.breaks("delay", seconds=0.5)
        floor.world.admin("skew", seconds=20)  # its fifteen seconds pass on the way
        await floor.decide()
        await floor.minutes(2)
        floor.heals()
        await floor.minutes(3)
        assert floor.bought() in (0, LOT)
        await floor.is_true(bought=floor.bought())


@pytest.mark.parametrize("kind", ["duplicate", "reorder"])
@fault(
    "messages come twice, or in the wrong order", "each fill counts once, no older state follows a newer one"
)
async def test_messages_in_disorder(kind: str) -> None:
    async with a_floor(hears=True) as floor:
        floor.breaks(kind, "/ws", times=20)
        await opened(floor)
        await floor.minutes(2)
        await floor.is_true()


@fault("the socket is cut while a resting entry fills", "the fill is found after the gap; its stop stands")
async def test_fill_inside_a_gap() -> None:
    async with a_floor(hears=True) as floor:
        assert floor.listener is not None
        await floor.decide(entry_type="limit", entry_price=D(99_900), time_in_force="gtc")
        await floor.listener.until(lambda heard: heard.of(AccountSnapshot))
        floor.world.admin("disconnect")
        await floor.minute(100_000.0, 100_000.0, 99_500.0, 99_600.0)
        await floor.listener.until(lambda heard: len(heard.of(AccountSnapshot)) >= 2)
        await floor.minutes(1)
        await floor.is_true()


@fault(
    "the socket stays open and says nothing any more", "left after its silence; HTTP tells what was missed"
)
async def test_half_open_socket() -> None:
    async with a_floor(hears=True) as floor:
        assert floor.listener is not None
        await floor.listener.until(lambda heard: heard.of(AccountSnapshot))
        floor.world.admin("half_open")
        await opened(floor)
        await floor.listener.until(lambda heard: len(heard.of(AccountSnapshot)) >= 2)
        await floor.minutes(1)
        await floor.is_true()


@fault("the venue answers 429", "nothing was done and nothing is in doubt; it goes on when it may")
async def test_too_many_requests() -> None:
    async with a_floor() as floor:
        floor.breaks("status", status=429)
        await floor.decide()
        await floor.minutes(4)
        assert floor.bought() in (0, LOT)
        await floor.is_true(bought=floor.bought())


@fault("the venue answers 502", "unknown, not rejected; settled by its nonce")
async def test_bad_gateway() -> None:
    async with a_floor() as floor:
        floor.breaks("status", status=502)
        await floor.decide()
        await floor.minutes(4)
        assert floor.bought() in (0, LOT)
        await floor.is_true(bought=floor.bought())


@fault("trading is halted at the venue", "entries are refused in its words; what is held keeps its stop")
async def test_exchange_halt() -> None:
    async with a_floor() as floor:
        floor.world.admin("halt", on=True)
        await floor.decide()
        await floor.minute()
        assert (await floor.said("entry"))[-1] == "rejected"
        floor.world.admin("halt", on=False)
        await opened(floor)
        floor.world.admin("halt", on=True)
        await floor.minutes(3)
        await floor.is_true()


@fault("an entry fills in part, then the line is cut", "the part has a stop of its size; the rest goes on")
async def test_partial_fill_then_disconnect() -> None:
    async with a_floor(hears=True) as floor:
        await floor.decide(
            quantity=D(2),
            entry_type="limit",
            entry_price=D(99_900),
            time_in_force="gtc",
            stop=D(98_000),
        )
        await floor.minute(100_000.0, 100_000.0, 99_850.0, 99_950.0, volume=2.0)
        assert 0 < floor.position() < 2
        floor.world.admin("disconnect")
        await floor.minutes(2, volume=0.5)
        await floor.is_true(bought=floor.bought())


@fault("a resting entry is refused by the venue after its yes", "it ends as cancelled; nothing is bought")
async def test_refusal_after_the_yes() -> None:
    async with a_floor() as floor:
        await floor.decide(
            quantity=D("1.9"),
            entry_type="limit",
            entry_price=D(99_500),
            time_in_force="gtc",
            take_profit=None,
        )
        assert [order.is_trigger for order in floor.resting()] == [True, False]  # its stop came along
        eth = Ask(asset=1, is_buy=True, px=e8(4_100), sz=e8(30), tif="Ioc")  # takes the margin away
        at = floor.world.venue.at_ms()
        floor.world.do(lambda: floor.world.venue.submit(Place(at, floor.user, (eth,))))
        await floor.minute(100_000.0, 100_000.0, 99_000.0, 99_400.0)
        await floor.minutes(2)
        assert (floor.bought(), floor.resting()) == (0, [])
        assert (await floor.said("entry"))[-1] in ("cancelled", "rejected", "expired")


@fault("the venue cancels a stop by itself", "placed anew within seconds")
async def test_venue_cancels() -> None:
    async with a_floor() as floor:
        await opened(floor)
        floor.world.admin("cancel_all", user=floor.user)
        assert floor.guarded() == 0
        await floor.pass_s(5)
        await floor.pass_s(5)
        await floor.pass_s(5)
        assert floor.guarded() == LOT
        await floor.minutes(1)
        await floor.is_true(naked_s=20.0)


@fault("the venue cancels a stop and nobody is told", "seen by the upkeep, feed or no feed, and placed anew")
async def test_venue_cancels_while_the_feed_is_silent() -> None:
    async with a_floor(hears=True) as floor:
        await opened(floor)
        floor.breaks("drop_message", "/ws", times=None)
        floor.world.admin("cancel_all", user=floor.user)
        await floor.minutes(1)
        floor.heals()
        await floor.is_true(naked_s=20.0)


@fault("the venue liquidates the position", "the trade is closed once, as liquidated; books and cash agree")
async def test_liquidation() -> None:
    async with a_floor() as floor:
        await opened(floor)
        floor.world.admin("liquidate", user=floor.user)
        await floor.minutes(3)
        await ended(floor)


@fault("the market jumps over the stop", "the stop fills where it can; the trade is closed once")
async def test_gap() -> None:
    async with a_floor() as floor:
        await opened(floor)
        floor.world.admin("gap", coin="BTC", percent=-5)
        await floor.minutes(3)
        await ended(floor)


@pytest.mark.parametrize("seconds", [-90, -3_600, 40, 600])
@fault("our clock and the venue's differ", "requests live longer; where nothing helps, nothing is sent twice")
async def test_clock_skew(seconds: int) -> None:
    async with a_floor() as floor:
        floor.world.admin("skew", seconds=seconds)
        await floor.decide()
        await floor.minutes(3)
        floor.heals()
        await floor.minutes(3)
        assert floor.bought() in (0, LOT)
        await floor.is_true(bought=floor.bought())


@pytest.mark.slow
@fault("the venue is gone for an hour", "nothing new meanwhile; afterwards everything is looked at and true")
async def test_venue_gone_for_an_hour() -> None:
    async with a_floor() as floor:
        await opened(floor)
        floor.venue_answers = False
        floor.breaks("refuse", where=None, times=None)
        await floor.minutes(10)
        await floor.decide(quantity=D("0.02"))
        await floor.minutes(50, looks=False)
        floor.heals()
        floor.venue_answers = True
        await floor.minutes(5)
        assert floor.bought() == LOT
        await floor.is_true()


@fault("the venue is gone while the stop of a part should be placed", "placed or closed once it answers")
async def test_venue_gone_before_the_stop_of_a_part() -> None:
    async with a_floor() as floor:
        await floor.decide(quantity=D(1), entry_type="limit", entry_price=D(99_900), time_in_force="gtc")
        floor.breaks("refuse", where=None, times=None)
        floor.venue_answers = False
        await floor.minute(100_000.0, 100_000.0, 99_850.0, 99_950.0, volume=2.0)
        assert floor.guarded() == 0 < floor.position() < 1
        floor.heals()
        floor.venue_answers = True
        await floor.minutes(2, volume=0.5)
        await floor.is_true(bought=floor.bought())


@fault(
    "the venue is out of reach when an entry fills whole", "the stop that went along works from the fill on"
)
async def test_venue_out_of_reach_when_the_entry_fills() -> None:
    async with a_floor() as floor:
        await floor.decide(entry_type="limit", entry_price=D(99_900), time_in_force="gtc")
        floor.breaks("refuse", where=None, times=None)
        await floor.minute(100_000.0, 100_000.0, 99_500.0, 99_600.0)
        assert floor.guarded() == floor.position() == LOT
        await floor.minutes(30)
        floor.heals()
        await floor.minutes(2)
        await floor.is_true(naked_s=0)
        assert len([order for order in floor.resting() if order.is_trigger]) == 1


@fault("an entry fills part by part, to the end", "a stop for each part; then the one that went along, alone")
async def test_parts_until_the_end() -> None:
    async with a_floor() as floor:
        await floor.decide(
            quantity=3 * LOT, entry_type="limit", entry_price=D(99_900), time_in_force="gtc", take_profit=None
        )
        stops = []
        for _ in range(3):
            await floor.minute(99_950.0, 99_950.0, 99_850.0, 99_950.0, volume=0.1)
            stops.append((floor.position(), floor.guarded()))
        assert stops == [(LOT, LOT), (2 * LOT, 2 * LOT), (3 * LOT, 3 * LOT)]
        (along,) = floor.resting()
        assert (along.oid, along.cloid) == (2, (await floor.intents("stop"))[0].cloid)
        await floor.is_true(bought=3 * LOT)
