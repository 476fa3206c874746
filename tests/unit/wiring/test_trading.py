"""What stands beside the Trader's modules, and what happens when the service is asked to stop."""

import asyncio
from decimal import Decimal

from strandloom.market.source import Source
from strandloom.service.leases import Lease
from strandloom.service.roles import Role, lead
from strandloom.wiring.trading import beside
from tests.unit.teams.trader.desk import Looking, TradingDesk, Watch
from tests.unit.teams.trader.test_protection_story import partly_filled

D = Decimal


class Still(Watch):
    """Whoever sleeps, sleeps until it is cancelled."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


class NoQuotes:
    """A feed that stays silent."""

    async def quotes(self, symbols: object) -> object:
        await asyncio.Event().wait()
        yield


class Ours:
    """The role is ours at once."""

    def __init__(self) -> None:
        self.lease = Lease(role="trader", process="test", epoch=1)
        self.led = asyncio.Event()

    async def won(self, role: str) -> Lease:
        return self.lease

    def told(self, role: str, led: bool) -> None:
        if led:
            self.led.set()


async def led(desk: TradingDesk, ours: Ours) -> asyncio.Task[None]:
    """A Trader at work on the desk."""
    source = Source(feed=NoQuotes(), clock=Still(31), symbols=("BTC",), first=0)  # type: ignore[arg-type]
    window = desk.network.window

    def opened(lease: Lease) -> object:
        return beside(Looking(desk.network), source, window, desk.venue, 5.0, lease, desk.readiness)

    task = asyncio.create_task(lead(Role(name="trader", open=opened), ours, ours.told))  # type: ignore[arg-type]
    await ours.led.wait()
    for _ in range(10):
        await asyncio.sleep(0)
    return task


async def test_a_stop_takes_entries_back_and_keeps_stops() -> None:
    desk = await partly_filled()
    task = await led(desk, Ours())
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert sorted(await desk.resting()) == [("stop", D(4)), ("target", D(4))]


async def test_who_has_lost_the_role_touches_nothing_any_more() -> None:
    desk, ours = await partly_filled(), Ours()
    before = sorted(await desk.resting())
    task = await led(desk, ours)
    ours.lease.lost.set()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert sorted(await desk.resting()) == before
