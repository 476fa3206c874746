"""A SQL prompt on the database, with the psql that comes with the embedded server."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit, urlunsplit

from strandloom.store import programs


def run(url: str, arguments: Sequence[str] = (), *, built_in: bool) -> int:
    """Hand the terminal to psql until it ends; returns its exit code."""
    address, password = without_password(url)
    environment = {**os.environ, "PGAPPNAME": "strandloom shell"}
    if built_in:
        environment["PGSSLMODE"] = "disable"  # what a person set for other servers is not for this one
    if password is not None:
        environment["PGPASSWORD"] = password  # an argument would be seen by every user of the machine
    command = [_psql(built_in=built_in), "--dbname", address, *arguments]
    before = signal.signal(signal.SIGINT, _leave_to_psql)
    try:
        return subprocess.run(command, check=False, env=environment).returncode  # noqa: S603 - our own program
    finally:
        signal.signal(signal.SIGINT, before)


def _psql(*, built_in: bool) -> str:
    """Ours for our server; for others the machine's if there is one, for ours speaks no TLS."""
    found = None if built_in else shutil.which("psql")
    return found or str(programs.shipped() / "psql")


def without_password(url: str) -> tuple[str, str | None]:
    """The address as psql may be given it, and the password apart."""
    parts = urlsplit(url)
    if parts.password is None:
        return url, None
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}@{place}")), unquote(parts.password)


def _leave_to_psql(*_: object) -> None:
    """Ctrl-C cancels the statement that psql runs; it must not end us."""
