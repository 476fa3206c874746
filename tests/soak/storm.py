"""One soak: the service lives on an accelerated market while it is hurt, then everything is counted."""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import Retryable
from strandloom.store import migrations
from strandloom.store.database import Database
from tests.chaos.storm import Server
from tests.processes import Fleet, a_fleet, leaders
from tests.soak.crew import ALL, KEY, LAYOUTS, Crew, thaw
from tests.soak.verdict import Verdict, judge

CLOCK = SystemClock()
FROZEN_S = 8.0  # longer than a lease


@dataclass(frozen=True, slots=True, kw_only=True)
class Soak:
    """How long, how hard."""

    minutes: float = 1.0
    layout: str = "beside"
    speed: float = 300.0
    crashes: int = 1
    seed: int = 0
    settle_s: float = 300.0  # for what is open at the end
    folder: Path | None = None  # keep the log there


def soak(wish: Soak) -> Verdict:
    """On a server of its own; what is left is judged when everybody has stopped."""
    with tempfile.TemporaryDirectory(prefix="strandloom-soak-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # the server's account must get in
        server = Server(home / "postgres")
        settings = {"MARKET_SPEED": str(wish.speed), "API_PORT": "0", **_apart(wish)}
        try:
            with a_fleet(server.url, wish.folder or home, **settings) as fleet:
                return asyncio.run(_soak(wish, server, fleet))
        finally:
            server.stop()


def _apart(wish: Soak) -> dict[str, str]:
    if wish.layout != "apart":
        return {}
    port = 20_000 + wish.seed % 10_000
    url = f"http://127.0.0.1:{port}"
    return {
        "VENUE": "hyperliquid",
        "HYPERLIQUID_TRADING_URL": url,
        "HYPERLIQUID_KEY": KEY,
        "EXCHANGE_PORT": str(port),
    }


async def _soak(wish: Soak, server: Server, fleet: Fleet) -> Verdict:
    crew, rng = Crew(fleet, LAYOUTS[wish.layout]), Random(wish.seed)
    fleet.forgives = True
    database = await Database.open(server.url)
    try:
        await migrations.migrate(database)
        await asyncio.to_thread(crew.hire)
        patience_s = await _everybody_leads(crew, database, wish)
        await _rage(wish, server, crew, rng, patience_s)
        await _everybody_leads(crew, database, wish)
        stopped_s = await asyncio.to_thread(crew.stop)
        return await judge(database, fleet, crew, wish.settle_s, stopped_s)
    finally:
        await database.close()


async def _everybody_leads(crew: Crew, database: Database, wish: Soak) -> float:
    """Until each role is led by a process that lives; how long that took."""

    async def led() -> bool:
        await asyncio.to_thread(crew.mend)
        try:
            found = await leaders(database)
        except Retryable:  # the server is coming up again
            return False
        return set(found) == set(ALL) and set(found.values()) <= {p.pid for p in crew.fleet.running}

    return await crew.fleet.until("every role is led", led, within_s=wish.settle_s)


async def _rage(wish: Soak, server: Server, crew: Crew, rng: Random, patience_s: float) -> None:
    """Hurt one after the other; a slow machine is given more time to recover."""
    ends = time.monotonic() + wish.minutes * 60
    crash_at = [
        time.monotonic() + wish.minutes * 60 * (n + 1) / (wish.crashes + 1) for n in range(wish.crashes)
    ]
    while (now := time.monotonic()) < ends:
        await _hurt(crew, rng, min(ends - now, rng.uniform(0.3, 1.5) * max(_pause_s(wish), patience_s)))
        await asyncio.to_thread(crew.mend)
        if crash_at and time.monotonic() >= crash_at[0]:
            crash_at.pop(0)
            await asyncio.to_thread(server.crash)


def _pause_s(wish: Soak) -> float:
    """In a long soak lives are long, so that something can grow in them."""
    return 8.0 if wish.minutes <= 5 else 60.0


async def _hurt(crew: Crew, rng: Random, pause_s: float) -> None:
    """Let them work, then kill one, or freeze one past its lease."""
    await CLOCK.sleep(pause_s / 2)
    crew.weigh()
    await CLOCK.sleep(pause_s / 2)
    if rng.random() < 0.75:
        await asyncio.to_thread(crew.kill_one, rng)
        return
    frozen = crew.freeze(rng)
    await CLOCK.sleep(FROZEN_S)
    thaw(frozen)
