"""The processes of a soak: who has which roles, how they are hurt, and how their memory grows."""

import os
import signal
import statistics
import subprocess
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.processes import Fleet

ALL = ("market", "exchange", "raw_data", "cil", "decision_maker", "trader")
KEY = "0x" + "5a" * 32  # of an account that lives on the built-in exchange only
LAYOUTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "beside": (("market", "raw_data", "cil"), ("decision_maker", "exchange", "trader"), ALL),
    "apart": (
        ("exchange",),
        ("market", "raw_data", "cil"),
        ("decision_maker", "trader"),
        ("market", "raw_data", "cil", "decision_maker", "trader"),
    ),
}
"""`beside`: the exchange in the Trader's process; `apart`: reached over HTTP, so that it can be cut off."""


@dataclass(slots=True)
class Crew:
    """Each place is one process; who dies is replaced at once."""

    fleet: Fleet
    layout: tuple[tuple[str, ...], ...]
    kills: int = 0
    freezes: int = 0
    ended: int = 0  # by themselves
    memory: dict[int, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    _places: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def hire(self) -> None:
        self._places = [self.fleet.start(*roles) for roles in self.layout]

    def kill_one(self, rng: Random) -> None:
        """SIGKILL, and a new process with the same roles."""
        place = rng.randrange(len(self._places))
        self.fleet.kill(self._places[place])
        self._places[place] = self.fleet.start(*self.layout[place])
        self.kills += 1

    def mend(self) -> None:
        """Replace those that ended by themselves, as a machine's supervisor would."""
        for place, process in enumerate(self._places):
            if process.poll() is not None:
                self.fleet.running.remove(process)
                self._places[place] = self.fleet.start(*self.layout[place])
                self.ended += 1

    def freeze(self, rng: Random) -> subprocess.Popen[bytes]:
        """Stop one where it stands: it will believe that it still leads when it wakes."""
        frozen = rng.choice(self._places)
        frozen.send_signal(signal.SIGSTOP)
        self.freezes += 1
        return frozen

    def weigh(self) -> None:
        """Note how much memory each process has now."""
        for process in self._places:
            status = Path(f"/proc/{process.pid}/status")
            if status.exists() and (found := status.read_text().partition("VmRSS:")[2]):
                self.memory[process.pid].append((time.monotonic(), int(found.split()[0]) / 1024))

    def stop(self) -> float:
        """SIGTERM to all; how long the slowest took."""
        began = time.monotonic()
        for process in self._places:
            process.send_signal(signal.SIGTERM)
        self.fleet.stop()
        return time.monotonic() - began

    def slope_mb_per_min(self) -> float | None:
        """The median growth over lives that were long enough to tell, their first half minute left out."""
        slopes = [slope for life in self.memory.values() if (slope := _slope(life)) is not None]
        return statistics.median(slopes) if slopes else None


def thaw(frozen: subprocess.Popen[bytes]) -> None:
    """Let it go on, if it still lives."""
    if frozen.poll() is None:
        os.kill(frozen.pid, signal.SIGCONT)


def _slope(life: list[tuple[float, float]], warm_s: float = 30.0, least_s: float = 30.0) -> float | None:
    told = [(at, mb) for at, mb in life if at - life[0][0] >= warm_s]
    if len(told) < 3 or told[-1][0] - told[0][0] < least_s:
        return None
    return statistics.linear_regression(*zip(*told, strict=True)).slope * 60
