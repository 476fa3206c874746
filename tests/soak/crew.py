"""The processes of a soak: who has which roles, how they are hurt, and what they weigh."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from random import Random

from tests.processes import Fleet
from tests.soak.growth import Life

ALL = ("market", "exchange", "raw_data", "cil", "decision_maker", "trader")
KEY = "0x" + "5a" * 32  # of an account that lives on the built-in exchange only
LAYOUTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "beside": (("market", "raw_data", "cil"), ("decision_maker", "exchange", "trader"), ALL),
    "apart": (
        ("exchange",),
        ("market",),
        ("raw_data",),
        ("cil",),
        ("decision_maker",),
        ("trader",),
        ("market", "raw_data", "cil", "decision_maker", "trader"),
    ),
}
"""`beside`: the exchange in the Trader's process; `apart`: one process per role, one that stands by for all
but the exchange, which is reached over HTTP, so that it can be cut off."""


@dataclass(slots=True)
class Crew:
    """Each place is one process; who dies is replaced at once.  One is spared from death, to be weighed."""

    fleet: Fleet
    layout: tuple[tuple[str, ...], ...]
    spared: int = 0
    kills: int = 0
    freezes: int = 0
    cut_offs: int = 0  # of the exchange
    ended: int = 0  # by themselves
    lives: list[Life] = field(default_factory=list)
    _places: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def hire(self) -> None:
        self._places = [self._start(roles) for roles in self.layout]

    def kill_one(self, rng: Random) -> None:
        """SIGKILL, and a new process with the same roles."""
        place = rng.choice([n for n in range(len(self._places)) if n != self.spared])
        self.fleet.kill(self._places[place])
        self._places[place] = self._start(self.layout[place])
        self.kills += 1

    def mend(self) -> None:
        """Replace those that ended by themselves, as a machine's supervisor would."""
        for place, process in enumerate(self._places):
            if process.poll() is not None:
                self.fleet.running.remove(process)
                self._places[place] = self._start(self.layout[place])
                self.ended += 1

    def freeze(self, rng: Random) -> subprocess.Popen[bytes]:
        """Stop one where it stands: it will believe that it still leads when it wakes."""
        self.freezes += 1
        return self._frozen(rng.choice(self._places))

    def cut_off(self) -> subprocess.Popen[bytes]:
        """Nothing that is sent to the exchange is answered any more."""
        self.cut_offs += 1
        return self._frozen(self._places[self.layout.index(("exchange",))])

    def weigh(self) -> None:
        """Note how much memory each process has now."""
        living = {process.pid for process in self._places if process.poll() is None}
        for life in self.lives:
            if life.pid in living:
                life.weigh(time.monotonic())

    def stop(self) -> float:
        """SIGTERM to all; how long the slowest took."""
        began = time.monotonic()
        for process in self._places:
            process.send_signal(signal.SIGTERM)
        self.fleet.stop()
        return time.monotonic() - began

    def _start(self, roles: tuple[str, ...]) -> subprocess.Popen[bytes]:
        process = self.fleet.start(*roles)
        self.lives.append(Life(pid=process.pid, roles=roles))
        return process

    def _frozen(self, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        process.send_signal(signal.SIGSTOP)
        return process


def thaw(frozen: subprocess.Popen[bytes]) -> None:
    """Let it go on, if it still lives."""
    if frozen.poll() is None:
        os.kill(frozen.pid, signal.SIGCONT)
