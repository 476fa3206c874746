"""Where tests put their servers' data: in memory when there is plenty, for a busy disk makes them slow."""

import os
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - each server makes a private folder in it
_PLENTY_BYTES = 4_000_000_000


def scratch() -> Path:
    """A folder that any account may enter."""
    return _MEMORY if _is_plenty(_MEMORY) else Path(tempfile.gettempdir())


def _is_plenty(place: Path) -> bool:
    try:
        found = os.statvfs(place)
    except OSError:
        return False
    runs_programs = not found.f_flag & os.ST_NOEXEC
    return runs_programs and os.access(place, os.W_OK) and found.f_bavail * found.f_frsize >= _PLENTY_BYTES
