"""A symbol that falls silent for good: what is held is settled at the last mark, closed once, and said so."""

from decimal import Decimal

from strandloom.blackboard.module import Seat
from strandloom.teams.decision_maker.breaker import Breaker
from strandloom.teams.trader import team as trader
from strandloom.venues.delisting import SILENT_MINUTES
from tests.network import FLAT, NOON, Network, at_minute
from tests.unit.teams.trader.desk import TradingDesk

D = Decimal
LAST = (100.0, 101.2, 99.8, 101.0)


async def holding() -> TradingDesk:
    """Long one BTC, while ETH trades on."""
    desk = TradingDesk()
    seats = [*trader.seats(desk.venue), Seat(module=Breaker(), order="free")]
    desk.network = Network(seats, ("BTC", "ETH"))
    for _ in range(30):
        await desk.network.minute({"BTC": FLAT, "ETH": FLAT})
    await desk.decide()
    await desk.network.minute({"BTC": LAST, "ETH": FLAT})
    return desk


async def silent(desk: TradingDesk, minutes: int) -> None:
    for _ in range(minutes):
        await desk.network.minute({"ETH": FLAT})


async def test_what_is_held_in_a_delisted_symbol_is_settled_at_the_last_mark_and_closed_once() -> None:
    desk = await holding()
    held = await desk.position()
    await silent(desk, SILENT_MINUTES - 1)
    assert await desk.position() == held, "an hour is not over"
    await silent(desk, 10)
    assert await desk.position() == 0
    (closed,) = [body for body in await desk.statuses() if body.state == "closed"]
    entry = next(body for body in await desk.statuses() if body.leg == "entry" and body.state == "filled")
    assert closed.why == "delisting"
    funding = await desk.venue.funding_usd("BTC", NOON, at_minute(120))
    assert closed.realised_usd == held * (101 - (entry.average_price or 0)) - entry.fee_usd + funding
    (settled,) = [body for body in await desk.statuses() if body.leg == "close"]
    assert (settled.average_price, settled.fee_usd) == (101, 0)
    assert settled.why == "delisted: settled by the venue at its last mark"
    assert await desk.resting() == []
    assert (await desk.tracked()).held == ()


async def test_a_symbol_that_speaks_again_is_listed_anew() -> None:
    desk = await holding()
    await silent(desk, SILENT_MINUTES)
    assert desk.venue.instrument("BTC") is None
    await desk.network.minute({"BTC": FLAT, "ETH": FLAT})
    assert desk.venue.instrument("BTC") is not None
    await desk.decide(plan=None)
    assert await desk.position() > 0


async def test_where_nobody_speaks_nobody_is_delisted() -> None:
    desk = await holding()
    held = await desk.position()
    for _ in range(SILENT_MINUTES + 5):
        desk.network._next += 1
    await silent(desk, SILENT_MINUTES - 1)
    assert await desk.position() == held
