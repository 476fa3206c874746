"""What a running server says about itself in `postmaster.pid`."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from strandloom.basics.errors import CannotStart

_POLL_S = 0.02
_NAMES = ("postgres", "postmaster")
_DEAD = ("Z", "X")  # killed, but its parent has not asked for it yet
_PID, _PORT, _SOCKETS, _STATUS = 0, 3, 4, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a server is reached: the port is part of its socket's name."""

    folder: Path
    port: int


class Postmaster:
    """The server process of one cluster, alive or not."""

    def __init__(self, cluster: Path) -> None:
        self._file = cluster / "postmaster.pid"

    def pid(self) -> int | None:
        """The process that claims the cluster."""
        lines = self._lines()
        return abs(int(lines[_PID])) if lines and lines[_PID].strip() else None

    def is_running(self) -> bool:
        """Whether that process lives and is a PostgreSQL: the number may be another program's."""
        pid = self.pid()
        return pid is not None and _program(pid) in _NAMES

    def forget_stale(self) -> None:
        """Remove the claim of a dead server whose number is taken: by another program, or by its own corpse.

        A free number is left to PostgreSQL: its file also guards against orphans that still write.
        """
        pid = self.pid()
        if pid is not None and _program(pid) not in (None, *_NAMES):
            lines = self._lines()
            if len(lines) > _SOCKETS and lines[_SOCKETS]:
                Path(lines[_SOCKETS], f".s.PGSQL.{lines[_PORT]}.lock").unlink(missing_ok=True)
            self._file.unlink(missing_ok=True)

    def wait_ready(self, patience_s: float) -> Place:
        """Wait until it takes connections; returns where."""
        deadline = time.monotonic() + patience_s
        while True:
            lines = self._lines()
            if len(lines) > _STATUS and lines[_STATUS].strip() == "ready":
                return Place(folder=Path(lines[_SOCKETS]), port=int(lines[_PORT]))
            if time.monotonic() > deadline or not self.is_running():
                raise CannotStart(f"the embedded PostgreSQL in {self._file.parent} did not become ready")
            time.sleep(_POLL_S)

    def stop(self, patience_s: float) -> None:
        """Ask it to end at once but cleanly; one that does not end in time is cut off, and recovers later."""
        for request in (signal.SIGINT, signal.SIGQUIT):
            deadline = time.monotonic() + patience_s
            pid = self.pid()
            if pid is not None and self.is_running():
                os.kill(pid, request)
            while self.is_running() and time.monotonic() < deadline:
                time.sleep(_POLL_S)

    def _lines(self) -> list[str]:
        try:
            return self._file.read_text().splitlines()
        except FileNotFoundError:
            return []


def _program(pid: int) -> str | None:
    """The name of a living program, "" for one that is dead but not yet buried, None for a free number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    name, state = _named_by_kernel(pid) or _named_by_ps(pid)
    return "" if state.startswith(_DEAD) else name


def _named_by_kernel(pid: int) -> tuple[str, str] | None:
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    name, _, rest = told.partition("(")[2].rpartition(")")
    return name, rest.strip()


def _named_by_ps(pid: int) -> tuple[str, str]:
    command = ["/bin/ps", "-p", str(pid), "-o", "stat=,comm="]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed command
    state, _, name = told.stdout.strip().partition(" ")
    return Path(name.strip()).name, state
