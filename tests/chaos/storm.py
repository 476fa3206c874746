"""One storm: inputs posted bit by bit while workers and the server are killed, then a count of everything."""

import asyncio
import os
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.runner import subscription
from strandloom.store import migrations
from strandloom.store.database import Database
from strandloom.store.embedded import EmbeddedPostgres
from tests.builders import NOON
from tests.chaos.crew import Crew
from tests.chaos.play import PLAYS
from tests.chaos.verdict import Verdict, judge

_BATCH = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """How hard it blows."""

    play: str = "chain"
    inputs: int
    kills: int
    crashes: int
    workers: int = 3
    seed: int = 0
    longest_s: float = 3_600.0  # for the rest to drain after the last kill


class Server:
    """An embedded server that can be crashed."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._server = EmbeddedPostgres(home)
        self._server.start()
        self.url = self._server.url()

    def crash(self) -> None:
        """Immediate shutdown: no checkpoint, every connection cut; then recovery from the log."""
        pid = int((self._server.cluster / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.02)
        self._server.stop()
        self._server = EmbeddedPostgres(self._home)
        self._server.start()

    def stop(self) -> None:
        self._server.stop()


def blow(storm: Storm) -> Verdict:
    """Run the storm on a server of its own and judge what is on the board when it is over."""
    with tempfile.TemporaryDirectory(prefix="strandloom-storm-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # the server's account must get in
        return asyncio.run(_blow(storm, home))


async def _blow(storm: Storm, home: Path) -> Verdict:
    server = await asyncio.to_thread(Server, home)
    database = await Database.open(server.url)
    crew = None
    try:
        await migrations.migrate(database)
        play = PLAYS[storm.play]()
        await postgres_board(database, SystemClock()).subscribe([subscription(seat) for seat in play.seats])
        crew = await asyncio.to_thread(Crew, server.url, storm.play, storm.workers)
        async with asyncio.TaskGroup() as group:
            posting = group.create_task(_post(database, storm))
            await _rage(storm, server, crew, posting)
        await _drain(database, storm, crew)
        return await judge(database, storm.inputs, play)
    finally:
        if crew is not None:
            crew.dismiss()
        await database.close()
        await asyncio.to_thread(server.stop)


async def _post(database: Database, storm: Storm) -> None:
    """Inputs with ids of their own, each batch posted twice: the second time must change nothing."""
    board = postgres_board(database, SystemClock())
    play = PLAYS[storm.play]()
    for first in range(0, storm.inputs, _BATCH):
        drafts = [play.input(n) for n in range(first, min(first + _BATCH, storm.inputs))]
        cause = Cause(module="people.storm", at=NOON, key=f"batch {first}")
        await board.post(drafts, cause)
        await board.post(drafts, cause)


async def _rage(storm: Storm, server: Server, crew: Crew, posting: "asyncio.Task[None]") -> None:
    """Kill again and again at random moments; the crashes are spread over the kills."""
    rng = Random(storm.seed)
    every = storm.kills // storm.crashes if storm.crashes else storm.kills + 1
    for kill in range(1, storm.kills + 1):
        await asyncio.sleep(rng.uniform(0.05, 1.0))
        await asyncio.to_thread(crew.kill_one, rng)
        await asyncio.to_thread(crew.mend)
        if kill % every == 0:
            await asyncio.to_thread(server.crash)
    await posting


async def _drain(database: Database, storm: Storm, crew: Crew) -> None:
    """Until nothing is open any more."""
    board = postgres_board(database, SystemClock())
    clock = SystemClock()
    async with asyncio.timeout(storm.longest_s):
        while (await board.counts())["deliveries"]:
            await clock.sleep(0.2)
            await asyncio.to_thread(crew.mend)
