"""File locks that the kernel lets go of when their holder dies, however it dies."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from strandloom.basics.errors import CannotStart

_POLL_S = 0.05


class FileLock:
    """An advisory lock on one file, shared or exclusive; never inherited by programs we start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    @property
    def number(self) -> int:
        """The open file's number."""
        if self._fd is None:
            self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._fd

    def share(self) -> None:
        """Join the holders; the caller makes sure that nobody holds it exclusively for long."""
        fcntl.flock(self.number, fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        """Become the only holder if nobody else holds it; a shared hold is given up when somebody does."""
        try:
            fcntl.flock(self.number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Let go; harmless when nothing is held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


@contextlib.contextmanager
def exclusive(path: Path, *, patience_s: float) -> Iterator[int]:
    """Hold `path` alone for the length of the block; says who has it when patience runs out.

    Gives the file's number: a program that inherits it holds the lock too, and keeps it when we are killed.
    """
    lock = FileLock(path)
    try:
        deadline = time.monotonic() + patience_s
        while not lock.try_exclusive():
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"process {_holder(path)} has been starting or stopping the database in {path.parent} "
                    f"for more than {patience_s:.0f} s; wait for it or end it, then start again"
                )
            time.sleep(_POLL_S)
        path.write_text(f"{os.getpid()}\n")
        yield lock.number
    finally:
        lock.release()


def _holder(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text().strip() or "unknown"
    return "unknown"
