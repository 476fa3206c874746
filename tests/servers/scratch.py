"""Where tests put their servers' data: in memory when there is plenty, for a busy disk makes them slow."""

import os
import shutil
import tempfile
from pathlib import Path

from strandloom.store.postmaster import Postmaster

RUNS = "strandloom-tests-"
_MEMORY = Path("/dev/shm")  # noqa: S108 - each server makes a private folder in it
_PLENTY_BYTES = 4_000_000_000


def scratch() -> Path:
    """A folder that any account may enter."""
    return _MEMORY if _is_plenty(_MEMORY) else Path(tempfile.gettempdir())


def sweep(place: Path) -> None:
    """Stop and remove what test runs left behind that were killed; their folders name their process."""
    for home in place.glob(f"{RUNS}*-*"):
        if not _lives(home.name.removeprefix(RUNS).split("-")[0]):
            remove(home)


def remove(home: Path) -> None:
    """Remove the folder of a run that is over, and end what still runs in it."""
    for claim in home.glob("*/postgres/cluster/postmaster.pid"):
        Postmaster(claim.parent).stop(10)
    shutil.rmtree(home, ignore_errors=True)


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


def _is_plenty(place: Path) -> bool:
    try:
        found = os.statvfs(place)
    except OSError:
        return False
    runs_programs = not found.f_flag & os.ST_NOEXEC
    return runs_programs and os.access(place, os.W_OK) and found.f_bavail * found.f_frsize >= _PLENTY_BYTES
