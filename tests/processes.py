"""The real program in processes of their own, over one database; killed without mercy when a test ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from strandloom.basics.clock import SystemClock
from strandloom.cli.ending import CANNOT_START, STOPPED
from strandloom.store.database import Database

CLOCK = SystemClock()
PROJECT = Path(__file__).resolve().parents[1]


class Fleet:
    """Processes of the service that share a database; each may get roles and settings of its own."""

    def __init__(self, url: str, log: Path, **settings: str) -> None:
        self._settings = {"DATABASE_URL": url, "PYTHONPATH": f"{PROJECT}:{PROJECT / 'src'}", **settings}
        self._log = log
        self.running: list[subprocess.Popen[bytes]] = []
        self.forgives = False  # whether a process may end by itself

    def start(self, *roles: str, **settings: str) -> subprocess.Popen[bytes]:
        """One more process; without roles it takes on all of them."""
        asked = ["run", "--teams", ",".join(roles)] if roles else []
        with self._log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", "-m", "src.main", *asked],
                env=os.environ | self._settings | settings,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL: no farewell."""
        process.kill()
        process.wait()
        self.running.remove(process)

    def stop(self) -> None:
        """SIGTERM to everybody, and wait for them."""
        for process in self.running:
            process.terminate()
        fine = (0, STOPPED, CANNOT_START, -signal.SIGTERM) if self.forgives else (0,)  # it was starting
        for process in self.running:
            code = process.wait(60)
            assert code in fine, f"a process stopped with {code}: {self.log()}"
        self.running.clear()

    def log(self) -> str:
        """The end of what all processes have logged."""
        return self._log.read_text()[-4000:]

    async def until(self, what: str, holds: Callable[[], Awaitable[bool]], within_s: float = 90.0) -> float:
        """Wait for something to become true in the database; how long that took."""
        began = time.monotonic()
        while not await holds():
            if not self.forgives:
                ended = [process for process in self.running if process.poll() is not None]
                assert not ended, f"a process ended by itself: {self.log()}"
            assert time.monotonic() - began < within_s, f"{what}: not within {within_s:g} s"
            await CLOCK.sleep(0.1)  # the processes need the machine more than we do
        return time.monotonic() - began


@contextmanager
def a_fleet(url: str, folder: Path, **settings: str) -> Iterator[Fleet]:
    """Nobody outlives the test."""
    fleet = Fleet(url, folder / "fleet.log", **settings)
    try:
        yield fleet
    finally:
        for process in list(fleet.running):
            fleet.kill(process)


async def leaders(database: Database) -> dict[str, int]:
    """Who leads each role, as the number of its process."""
    rows = await database.fetch("roles.leaders")
    return {row["role"]: int(row["process"].split(":")[-2]) for row in rows if row["in_force"]}
