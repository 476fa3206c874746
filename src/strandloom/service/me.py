"""Who this process is, and whether another one of this machine still lives."""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from strandloom import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """One process for as long as it lives; a restart is somebody else."""

    process: str
    place: str  # the same for processes that can see each other's pids
    pid: int
    began: str  # when the kernel started it: pids are given again
    version: str = __version__

    @classmethod
    def now(cls) -> "Me":
        pid = os.getpid()
        name = f"{socket.gethostname()}:{pid}:{uuid4().hex[:6]}"
        return cls(process=name, place=_place(), pid=pid, began=began(pid) or "")


def began(pid: int) -> str | None:
    """When the kernel started that process, in its own ticks; None when there is none (or no /proc)."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *rest = told.rpartition(")")[2].split()
    return None if state == "Z" else rest[18]


def dead(neighbours: Sequence[tuple[str, int, str]]) -> list[str]:
    """Of processes of this place (name, pid, began), those that are certainly gone."""
    return [name for name, pid, then in neighbours if then and began(pid) != then]


def _place(proc: Path = Path("/proc")) -> str:
    """This boot and this space of pids; without /proc a name that nobody else has."""
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}:{(proc / 'self/ns/pid').readlink()}"
    except OSError:
        return uuid4().hex
