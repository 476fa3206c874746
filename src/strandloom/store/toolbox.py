"""Runs PostgreSQL's own programs as the right account, and says in one sentence what went wrong."""

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from strandloom.basics.errors import CannotStart
from strandloom.store.account import Account

_LOUD = ("FATAL:", "PANIC:", "error:")
_TAIL_CHARACTERS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolbox:
    """The programs of one server, run in its folder."""

    programs: Path
    account: Account | None
    folder: Path
    log: Path

    def call(self, program: str, *arguments: str, feed: str = "", keep: int | None = None) -> None:
        """Run one to its end; its output goes to a file, for a started server keeps a pipe open for ever.

        `keep` is the number of an open file that it shall inherit.
        """
        logged_before = self.log.stat().st_size if self.log.exists() else 0
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as source:
            source.write(feed)
            source.seek(0)
            done = subprocess.run(  # noqa: S603 - our own programs
                [str(self.programs / program), *arguments],
                stdin=source,
                stdout=output,
                stderr=output,
                check=False,
                pass_fds=() if keep is None else (keep,),
                cwd=self.folder,
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                **(self.account.run_as() if self.account else {}),
            )
            output.seek(0)
            said = output.read()
        if done.returncode != 0:
            reason = loudest(said + self._logged_since(logged_before))
            raise CannotStart(
                f"the database in {self.folder} cannot run ({program}: {reason}); its log is {self.log}"
            )

    def _logged_since(self, start: int) -> str:
        if not self.log.exists():
            return ""
        with self.log.open(errors="replace") as log:
            log.seek(start)
            return log.read()[-_TAIL_CHARACTERS:]


def loudest(said: str) -> str:
    """The one line of a program's words that names the cause: the first that says error, else the last."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return _first_loud(lines) or (lines[-1] if lines else "it said nothing")


def _first_loud(lines: Sequence[str]) -> str | None:
    for line in lines:
        for mark in _LOUD:
            if mark in line:
                return line.split(mark, 1)[1].strip()
    return None
