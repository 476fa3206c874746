"""A Trader as a process of its own over database and exchange; it kills itself at the point it is told."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from loguru import logger

from strandloom import roster as _everybody  # noqa: F401 - registers every table that is looked at
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart
from strandloom.basics.ids import unix_ms
from strandloom.blackboard.desk import desks
from strandloom.blackboard.module import Seat
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.runner import Runner
from strandloom.blackboard.waking import Waking
from strandloom.hyperliquid.budget import WeightBudget
from strandloom.kinds.market import Bar
from strandloom.market.window import Window
from strandloom.store.database import Database
from strandloom.teams.trader import team as trader
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.upkeep import Upkeep
from strandloom.venues.hyperliquid.opening import Access, opened
from strandloom.venues.hyperliquid.sends import StoredSends
from strandloom.venues.port import Venue

BEGUN = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)  # market time when a test begins
SPEED = 20.0  # market seconds and seconds of patience in one real second
LOOK_S = 5.0


class FastClock:
    """Time that runs faster since the test began, the same in every process of it."""

    def __init__(self, t0: float) -> None:
        self._t0 = t0

    def passed(self) -> timedelta:
        return timedelta(seconds=(time.time() - self._t0) * SPEED)

    def now(self) -> datetime:
        return BEGUN + self.passed()

    def wall(self) -> datetime:
        return datetime.fromtimestamp(self._t0, UTC) + self.passed()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)


AT_THE_FILL = -1  # where to die: as soon as the venue has answered that an order was filled


class Fuse:
    """Counts the moments before and after everything that leaves the process; at one of them it dies."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.points = 0

    def point(self) -> None:
        self.points += 1
        if self.points == self._at:
            self.blow()

    def answered(self, content: bytes) -> None:
        """The venue has answered a request."""
        if self._at == AT_THE_FILL and b'"filled"' in content:
            self.blow()
        self.point()

    def blow(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def fused(*args: Any, **more: Any) -> Any:
            self.point()
            answer = await call(*args, **more)
            self.point()
            return answer

        return fused


class FusedRoad(httpx.AsyncHTTPTransport):
    """Dies before a request to /exchange leaves, or after its answer came and nobody has read it."""

    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self._fuse = fuse

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/exchange":
            return await super().handle_async_request(request)
        self._fuse.point()
        response = await super().handle_async_request(request)
        self._fuse.answered(await response.aread())
        return response


def seats_of(venue: Venue, readiness: Readiness | None = None) -> Sequence[Seat]:
    return trader.seats(venue, readiness=readiness or Readiness(began=datetime.now(UTC)))


def flat_window() -> Window:
    """The half hour before."""
    window = Window(("BTC",))
    for n in range(30, 0, -1):
        at = BEGUN - timedelta(minutes=n)
        bar = Bar(
            venue="test", symbol="BTC", at=at, open=1e5, high=1e5 + 50, low=1e5 - 50, close=1e5, volume=1e3
        )
        window.append(unix_ms(at) // 60_000, [bar])
    return window


@asynccontextmanager
async def fused_database(url: str, fuse: Fuse) -> AsyncIterator[Database]:
    """Each call of the sends and each settling of a delivery is a point."""
    database = await Database.open(url)
    for name in ("fetch", "fetchrow", "fetchval", "execute"):
        setattr(database, name, _only_ours(getattr(database, name), fuse))
    try:
        yield database
    finally:
        await database.close()


def _only_ours(call: Callable[..., Awaitable[Any]], fuse: Fuse) -> Callable[..., Awaitable[Any]]:
    fused = fuse.around(call)

    async def asked(name: str, *args: Any) -> Any:
        ours = name.startswith("venues.") or name in ("board.complete", "board.publish")
        return await (fused if ours else call)(name, *args)

    return asked


async def work(url: str, exchange: str, key: str, t0: float, fuse: Fuse, me: str, dead: str) -> None:
    clock, real = FastClock(t0), SystemClock()
    async with fused_database(url, fuse) as database:
        board = postgres_board(database, real)
        if dead:
            await board.free(dead)
        access = Access(url=exchange, key=key)

        def sends_of(mode: str, account: str, signer: str) -> StoredSends:
            return StoredSends(database, mode, account, signer)

        budget, road = WeightBudget(clock, per_minute=10**9), FusedRoad(fuse)
        async with opened(access, sends_of, clock, budget=budget, transport=road) as venue:
            window, waking = flat_window(), Waking(database, board.floors, real)
            lay = desks(board, lambda at: window.view())
            readiness = Readiness(began=datetime.now(UTC))
            runner = Runner(seats_of(venue, readiness), board, lay, waking, real, holder=me)
            upkeep = Upkeep(board, venue, clock, LOOK_S, readiness)
            async with asyncio.TaskGroup() as group:
                for run in (waking.run, runner.run, upkeep.run):
                    group.create_task(run())


def main() -> None:
    url, exchange, key, t0, kill_at, me, dead = sys.argv[1:8]
    logger.remove()
    logger.add(sys.stderr, level="ERROR", format="{message} {extra} {exception}")
    try:
        asyncio.run(work(url, exchange, key, float(t0), Fuse(int(kill_at)), me, dead))
    except CannotStart:
        sys.exit(3)


if __name__ == "__main__":
    main()
