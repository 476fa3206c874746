"""One soak: the service lives on an accelerated market while it is hurt, then everything is counted."""

import asyncio
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import Retryable
from strandloom.store import migrations
from strandloom.store.database import Database
from tests.chaos.storm import Server
from tests.processes import Fleet, a_fleet, leaders
from tests.soak.crew import ALL, KEY, LAYOUTS, Crew, thaw
from tests.soak.growth import growths
from tests.soak.verdict import Verdict, judge

CLOCK = SystemClock()
FROZEN_S = 8.0  # longer than a lease
CUT_OFF_S = 15.0  # longer than a question to the exchange is waited for
WEIGHED_EVERY_S = 1.0
MEASURED_MINUTES = 3.0  # a soak this long goes on unhurt, if it must, until memory can be judged
PATIENT_S = 12.0  # the longest that a slow machine makes the pauses of a short soak


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
    rng, layout = Random(wish.seed), LAYOUTS[wish.layout]
    crew = Crew(fleet, layout, spared=rng.randrange(len(layout)))
    fleet.forgives = True
    database = await Database.open(server.url)
    try:
        await migrations.migrate(database)
        await asyncio.to_thread(crew.hire)
        weighing = asyncio.create_task(_weigh(crew))
        patience_s = await _everybody_leads(crew, database, wish)
        await _rage(wish, server, crew, rng, patience_s)
        await _everybody_leads(crew, database, wish)
        if wish.minutes >= MEASURED_MINUTES:
            await fleet.until("memory can be judged", partial(_measured, crew), within_s=wish.settle_s)
        weighing.cancel()
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


async def _weigh(crew: Crew) -> None:
    while True:
        crew.weigh()
        await CLOCK.sleep(WEIGHED_EVERY_S)


async def _measured(crew: Crew) -> bool:
    """Was one life long enough?"""
    await asyncio.to_thread(crew.mend)
    return bool(growths(crew.lives))


async def _rage(wish: Soak, server: Server, crew: Crew, rng: Random, patience_s: float) -> None:
    """Hurt one after the other; a slow machine is given more time to recover."""
    ends = time.monotonic() + wish.minutes * 60
    crash_at = [
        time.monotonic() + wish.minutes * 60 * (n + 1) / (wish.crashes + 1) for n in range(wish.crashes)
    ]
    cuts_at = [at - wish.minutes * 30 / (wish.crashes + 1) for at in crash_at if wish.layout == "apart"]
    while (now := time.monotonic()) < ends:
        await _hurt(
            crew,
            rng,
            min(ends - now, rng.uniform(0.3, 1.5) * max(_pause_s(wish), min(patience_s, PATIENT_S))),
        )
        await asyncio.to_thread(crew.mend)
        if _due(cuts_at):
            await _frozen_for(CUT_OFF_S, crew.cut_off())
        if _due(crash_at):
            await asyncio.to_thread(server.crash)


def _due(moments: list[float]) -> bool:
    """Has the next one come?  Each comes once."""
    due = bool(moments) and time.monotonic() >= moments[0]
    if due:
        moments.pop(0)
    return due


def _pause_s(wish: Soak) -> float:
    """In a long soak lives are long, so that something can grow in them."""
    return 8.0 if wish.minutes <= 5 else 60.0


async def _hurt(crew: Crew, rng: Random, pause_s: float) -> None:
    """Let them work, then kill one, or freeze one past its lease."""
    await CLOCK.sleep(pause_s)
    if rng.random() < 0.75:
        await asyncio.to_thread(crew.kill_one, rng)
    else:
        await _frozen_for(FROZEN_S, crew.freeze(rng))


async def _frozen_for(seconds: float, frozen: subprocess.Popen[bytes]) -> None:
    await CLOCK.sleep(seconds)
    thaw(frozen)
