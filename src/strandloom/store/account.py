"""The system account that the embedded server runs as: ourselves; another when we are root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strandloom.basics.errors import CannotStart

NAME = "strandloom"
_STAND_INS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user that the server's programs run as."""

    name: str
    uid: int
    gid: int

    def run_as(self) -> dict[str, Any]:
        """What subprocess needs to become this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may_enter(self, folder: Path) -> bool:
        """Whether this user can reach `folder` through all its parents."""
        command = ["/bin/sh", "-c", 'cd -- "$0"', str(folder)]
        done = subprocess.run(command, cwd="/", capture_output=True, check=False, **self.run_as())  # noqa: S603 - fixed command
        return done.returncode == 0


def serving(cluster: Path) -> Account | None:
    """The account for the data in `cluster`, or None when we may run the server ourselves.

    Only root needs another one: the owner of data that is already there, else one of our own.
    """
    if os.geteuid() != 0:
        return None
    if cluster.is_dir() and cluster.stat().st_uid != 0:
        return _account(pwd.getpwuid(cluster.stat().st_uid))
    return _own()


def _own() -> Account:
    found = _named(NAME) or _created() or next(filter(None, map(_named, _STAND_INS)), None)
    if found is None:
        raise CannotStart(
            "PostgreSQL does not run as root and no other account could be made; "
            "start as an ordinary user, or set DATABASE_URL to a running server"
        )
    return found


def _created() -> Account | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command = [useradd, *options, "--shell", "/usr/sbin/nologin", NAME]
    subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - fixed command
    return _named(NAME)


def _named(name: str) -> Account | None:
    try:
        return _account(pwd.getpwnam(name))
    except KeyError:
        return None


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)
