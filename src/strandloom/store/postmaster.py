"""What a running server says about itself in `postmaster.pid`."""

import os
import subprocess
import time
from pathlib import Path

from strandloom.basics.errors import CannotStart

_POLL_S = 0.02
_PID, _SOCKETS, _STATUS = 0, 4, 7


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
        return pid is not None and _program(pid) in ("postgres", "postmaster")

    def forget_stale(self) -> None:
        """Remove the claim of a dead server whose number now belongs to another program.

        A plain dead number is left to PostgreSQL: its file also guards against orphans that still write.
        """
        pid = self.pid()
        if pid is not None and _program(pid) not in ("", "postgres", "postmaster"):
            self._file.unlink(missing_ok=True)

    def wait_ready(self, patience_s: float) -> Path:
        """Wait until it takes connections; returns the folder of its socket."""
        deadline = time.monotonic() + patience_s
        while True:
            lines = self._lines()
            if len(lines) > _STATUS and lines[_STATUS].strip() == "ready":
                return Path(lines[_SOCKETS])
            if time.monotonic() > deadline or not self.is_running():
                raise CannotStart(f"the embedded PostgreSQL in {self._file.parent} did not become ready")
            time.sleep(_POLL_S)

    def _lines(self) -> list[str]:
        try:
            return self._file.read_text().splitlines()
        except FileNotFoundError:
            return []


def _program(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    name = Path(f"/proc/{pid}/comm")
    if name.exists():
        return name.read_text().strip()
    told = subprocess.run(  # noqa: S603 - fixed command
        ["/bin/ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False
    )
    return Path(told.stdout.strip()).name
