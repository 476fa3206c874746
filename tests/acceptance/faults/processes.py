"""Trader processes over one database and one exchange: started, killed, and what is true in the end."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.runner import subscription
from strandloom.blackboard.strand import Draft
from strandloom.exchange.engine import Engine
from strandloom.exchange.rules import Rules
from strandloom.exchange.server.limits import Limits
from strandloom.hyperliquid.signing import Wallet
from strandloom.kinds.job import Job
from strandloom.kinds.reconciliation import Reconciliation
from strandloom.store.database import Database
from strandloom.venues.elsewhere import Elsewhere
from strandloom.venues.paper import PaperVenue
from tests.acceptance.exchange.world import World, a_world
from tests.acceptance.faults.floor import working_stops
from tests.acceptance.faults.trader_process import BEGUN, SPEED, FastClock, seats_of
from tests.unit.teams.trader.decisions import decided

D = Decimal
PROJECT = Path(__file__).resolve().parents[3]
KEY = f"{1:064x}"
LOT = D("0.01")
GATE = "decision_maker.gate"
PATIENCE_S = 90.0


@dataclass
class Site:
    """One database, one exchange, one account, and the Traders that were started on them."""

    world: World
    database: Database
    url: str
    t0: float
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    longest_naked_s: float = 0.0
    _naked_since: float | None = None

    @property
    def user(self) -> str:
        return Wallet(KEY).address

    def start(self, *, kill_at: int = 0, heir_of: str = "", url: str | None = None) -> str:
        """One more Trader; its name."""
        me = f"trader-{len(self.started)}"
        asked = [url or self.url, self.world.url, KEY, str(self.t0), str(kill_at), me, heir_of]
        command = [sys.executable, "-m", "tests.acceptance.faults.trader_process", *asked]
        self.started.append(subprocess.Popen(command, env=_surroundings(), cwd=PROJECT))  # noqa: S603 - ourselves
        return me

    async def subscribed(self) -> None:
        """The Trader's modules get what is posted, also before the first of them runs."""
        terms = PaperVenue(Engine(), D(1))
        seats = seats_of(Elsewhere("hyperliquid_local", "testnet", terms))
        await self._board.subscribe([subscription(seat) for seat in seats])

    async def decide(self, **changes: Any) -> None:
        usual = {
            "quantity": LOT,
            "worst_price": D(101_000),
            "stop": D(98_000),
            "take_profit": D(104_000),
            "expires_at": BEGUN.replace(year=2027),
        }
        await self._post(decided(**{**usual, **changes}), GATE)

    async def reconciled(self) -> Reconciliation:
        """What a comparison of books and venue says now."""
        before = len(await self._board.latest("reconciliation", limit=100))
        job = Job(job="reconcile", slot=FastClock(self.t0).now())
        await self._post(Draft(body=job, tags=("system:job:reconcile",)), "people.test")
        deadline = time.monotonic() + PATIENCE_S
        while len(told := await self._board.latest("reconciliation", limit=100)) == before:
            assert time.monotonic() < deadline, "nobody compared the books"
            await self.breathe()
        body = told[0].body
        assert isinstance(body, Reconciliation)
        return body

    async def breathe(self) -> None:
        """The exchange's time follows ours; naked time is counted."""
        await asyncio.sleep(0.05)
        behind = (
            FastClock(self.t0).now() - self.world.do(lambda: self.world.venue.clock.now())
        ).total_seconds()
        if behind > 0:
            self.world.seconds(behind)
        self._count()

    async def passes_guarded(self, minutes: int) -> None:
        """Time that nobody waits for; at no moment is the position larger than its stop."""
        for _ in range(minutes):
            self.t0 -= 60 / SPEED
            await self.breathe()
            assert self.guarded() >= abs(self.position()) > 0, await self.story()

    def kill(self) -> None:
        """The last one that was started."""
        self.started[-1].kill()
        self.started[-1].wait()

    async def until_dead(self, which: int = -1) -> bool:
        """Wait until it has killed itself; False when it became quiet first, as its point never came."""
        process, deadline = self.started[which], time.monotonic() + PATIENCE_S
        while process.poll() is None:
            await self.breathe()
            if await self.is_quiet():
                return False
            assert time.monotonic() < deadline, "neither dead nor quiet"
        return True

    async def until_quiet(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not await self.is_quiet():
            assert time.monotonic() < deadline, await self.story()
            await self.breathe()

    async def until_closed(self) -> None:
        """The one trade is closed once, nothing rests, and books equal the venue."""
        deadline = time.monotonic() + PATIENCE_S
        while await self._board.look("trade.open") or self._resting():
            assert time.monotonic() < deadline, await self.story()
            await self.breathe()
        (closed,) = await self._board.look("trade.closed")
        assert closed["why"] == "stop", closed
        last = await self.reconciled()
        assert last.agrees, last.differences

    async def is_quiet(self) -> bool:
        """The decision was acted on or given up, nothing is in doubt, and nobody has anything left to do."""
        live = await self._board.look("order.live")
        if any(row["state"] in ("intended", "sent", "unknown") for row in live):
            return False
        entries = [s for s in await self._board.latest("order_status", limit=100) if s.body.leg == "entry"]  # type: ignore[attr-defined]
        if not entries or (await self._board.counts())["deliveries"]:
            return False
        return self.guarded() >= abs(self.position())

    async def story(self) -> str:
        said = [
            (s.body.leg, s.body.state, s.body.why) for s in await self._board.latest("order_status", limit=20)
        ]  # type: ignore[attr-defined]
        sends = await self.database.fetch("venues.doubtful", "testnet", self.user)
        return f"{said=} position={self.position()} guarded={self.guarded()} doubtful={sends}"

    async def is_true(self) -> None:
        """No order twice, no naked position, books equal the venue."""
        assert self.bought() in (0, LOT), await self.story()
        assert self.guarded() == abs(self.position()) == self.bought()
        stops = [order for order in self._resting() if order.is_trigger]
        assert len(stops) <= 1 or self.position() == 0, stops
        last = await self.reconciled()
        assert last.agrees, last.differences

    def position(self) -> Decimal:
        held = self.world.do(lambda: self.world.exchange.account(self.user)).positions
        return sum((p.szi for p in held), D(0))

    def rests(self) -> bool:
        """Does an entry rest?"""
        return any(not order.is_trigger and not order.reduce_only for order in self._resting())

    def guarded(self) -> Decimal:
        return max((stop.sz for stop in working_stops(self._resting())), default=D(0))

    def bought(self) -> Decimal:
        fills = self.world.do(lambda: self.world.exchange.fills_between(self.user, 0))
        return sum((fill.sz for fill in fills if fill.side == "B"), D(0))

    def _resting(self) -> list[Any]:
        return self.world.do(lambda: self.world.exchange.open_orders(self.user))

    def _count(self) -> None:
        now = FastClock(self.t0).passed().total_seconds()
        if abs(self.position()) <= self.guarded():
            self._naked_since = None
        elif self._naked_since is None:
            self._naked_since = now
        else:
            self.longest_naked_s = max(self.longest_naked_s, now - self._naked_since)

    @property
    def _board(self) -> Any:
        return postgres_board(self.database, SystemClock())

    async def _post(self, draft: Draft, by: str) -> None:
        at = FastClock(self.t0).now()
        await self._board.post([draft], Cause(module=by, at=at, key=f"{by}:{at.isoformat()}"))


def _surroundings() -> dict[str, str]:
    """Compiled code is kept, wherever we are: a process that is killed has to come back quickly."""
    mine = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept = Path(tempfile.gettempdir()) / "strandloom-compiled"
    return {**mine, "PYTHONPATH": f"{PROJECT}:{PROJECT / 'src'}", "PYTHONPYCACHEPREFIX": str(kept)}


@asynccontextmanager
async def a_site(database: Database, url: str) -> AsyncIterator[Site]:
    """An account with money; every process that was started is gone at the end."""
    with a_world(Engine(Rules()), limits=Limits.none(), faucet=None) as world:
        world.admin("deposit", user=Wallet(KEY).address, usd="10000")
        site = Site(world, database, url, time.time())
        await site.subscribed()
        try:
            yield site
        finally:
            for process in site.started:
                process.kill()
                process.wait()


async def killed_at(database: Database, url: str, point: int) -> tuple[bool, float]:
    """One decision, one Trader that dies at that point, one heir.  Did it die, and how long was it naked?"""
    async with a_site(database, url) as site:
        await site.decide()
        dead = site.start(kill_at=point)
        died = await site.until_dead()
        if not died:
            site.kill()  # at rest, or its point would come while the books are compared
        site.start(heir_of=dead)
        await site.until_quiet()
        await site.is_true()
        return died, site.longest_naked_s
