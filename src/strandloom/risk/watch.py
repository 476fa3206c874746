"""The limits in force: read once, read again when the user's file changes, and kept when it is wrong."""

from dataclasses import dataclass
from pathlib import Path

from strandloom.basics.errors import BadInput
from strandloom.risk.limits import Limits, differences, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What another look at the file brought."""

    changed: dict[str, tuple[str, str]]
    problem: str = ""


class LimitsInForce:
    """Call it for the limits; `look` once in a while for changes of the file."""

    def __init__(self, path: Path | None, *, watched: bool = True) -> None:
        """Not `watched`: they stay as they are now, whatever becomes of the file."""
        self._path = path
        self._watched = watched
        self._limits = load(path)
        self._seen = self._stamp()

    def __call__(self) -> Limits:
        return self._limits

    def look(self) -> Change | None:
        """None while the file is as it was; a wrong file changes nothing and says so once."""
        if self._path is None or not self._watched:
            return None
        stamp = self._stamp()
        if stamp == self._seen:
            return None
        self._seen = stamp
        try:
            fresh = load(self._path)
        except BadInput as error:
            return Change(changed={}, problem=str(error))
        changed, self._limits = differences(self._limits, fresh), fresh
        return Change(changed=changed) if changed else None

    def _stamp(self) -> tuple[int, int] | None:
        if self._path is None or not self._path.exists():
            return None
        stat = self._path.stat()
        return stat.st_mtime_ns, stat.st_size
