"""The PostgreSQL that comes with us: made on first use, shared by our processes, stopped by the last one."""

import atexit
import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from strandloom.basics.errors import CannotStart
from strandloom.store import programs
from strandloom.store.account import Account, serving
from strandloom.store.lock import FileLock, exclusive
from strandloom.store.postmaster import Postmaster

DATABASE = "strandloom"
_USER = "postgres"
_MAJOR = "18"
_LONGEST_SOCKET_FOLDER = 88  # macOS allows 103 bytes for the whole path, Linux 107
_LOG_LIMIT_BYTES = 10_000_000
_START_S = 300  # recovery after a crash replays the log first
_STOP_S = 60
_SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "log",
        "log_checkpoints": "off",
        "jit": "off",
        "max_connections": "200",
    }
)
_MAKE = (
    *("--username", _USER, "--encoding", "UTF8", "--locale", "C", "--auth-local", "trust"),
    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--auth-host", "scram-sha-256"),
    "--no-instructions",
)


class EmbeddedPostgres:
    """One data folder's server, seen from one process.

    Who uses it holds a shared lock that the kernel releases at death, so the last one out always knows
    that it is the last, and a server whose users were all killed is simply adopted by the next start.
    """

    def __init__(self, home: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.home = home.expanduser().absolute()
        self.folder = self.home / "postgres"
        self.cluster = self.folder / "cluster"
        self.log = self.folder / "server.log"
        self._settings = {**_SETTINGS, **(settings or {})}
        self._users = FileLock(self.folder / "users.lock")
        self._account: Account | None = None
        self._programs = Path()
        self._socket_folder: Path | None = None

    def start(self) -> None:
        """Start the server, or attach to the one that another process started."""
        try:
            self._prepare()
            with self._alone():
                self._make()
                self._run()
                self._users.share()
        except OSError as error:
            raise CannotStart(
                f"the database folder {self.home} cannot be used: {error.strerror} ({error.filename}); "
                "choose another with DATA_DIR, or set DATABASE_URL"
            ) from error
        atexit.register(self.stop)

    def stop(self) -> None:
        """Leave; the last one to leave stops the server cleanly."""
        if self._socket_folder is None:
            return
        atexit.unregister(self.stop)
        self._socket_folder = None
        try:
            with self._alone():
                if self._users.try_exclusive() and self._postmaster().is_running():
                    self._pg_ctl("stop", "-m", "fast", "-w", "-t", str(_STOP_S))
        finally:
            self._users.release()

    def url(self, database: str = DATABASE) -> str:
        """The address of `database`, good for every client of PostgreSQL on this machine."""
        if self._socket_folder is None:
            raise RuntimeError("the embedded server is not started")
        return f"postgresql://{_USER}@/{quote(database)}?host={quote(str(self._socket_folder))}"

    def program(self, name: str) -> Path:
        """One of the server's own tools: psql, pg_dump …"""
        return self._programs / name

    def _alone(self) -> contextlib.AbstractContextManager[None]:
        return exclusive(self.folder / "starting.lock", patience_s=_START_S + _STOP_S)

    def _prepare(self) -> None:
        self._account = serving(self.cluster)
        self.home.mkdir(parents=True, exist_ok=True)
        if self._account is not None and not self._account.may_enter(self.home):
            raise CannotStart(
                f"PostgreSQL does not run as root, and the account {self._account.name} it runs as may not "
                f"enter {self.home}; set DATA_DIR to a folder it can reach, for example /var/lib/strandloom"
            )
        self._own_folder(self.folder)
        self._programs = programs.usable(self._account, self.home)

    def _own_folder(self, folder: Path) -> None:
        """A new folder for the server's account (and root) alone; never change one that is there."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            self._refuse_foreign(folder)
            return
        if self._account is not None:
            os.chown(folder, self._account.uid, self._account.gid)

    def _refuse_foreign(self, folder: Path) -> None:
        wanted = self._account.uid if self._account is not None else os.geteuid()
        found = folder.lstat()
        if found.st_uid != wanted:
            raise CannotStart(
                f"{folder} belongs to another account (user number {found.st_uid}, not {wanted}); "
                "start as that user, or choose another folder with DATA_DIR"
            )

    def _make(self) -> None:
        """Make the cluster beside its place and move it in, so that it is there whole or not at all."""
        if self.cluster.is_dir():
            self._check_version()
            return
        making = self.folder / "cluster.making"
        shutil.rmtree(making, ignore_errors=True)
        self._call("initdb", *_MAKE, "-D", str(making))
        create = f"create database {DATABASE};\n"
        self._call("postgres", "--single", "-j", "-D", str(making), "postgres", feed=create)
        making.rename(self.cluster)

    def _check_version(self) -> None:
        found = (self.cluster / "PG_VERSION").read_text().strip()
        if found != _MAJOR:
            raise CannotStart(
                f"{self.cluster} was made by PostgreSQL {found}, this program runs {_MAJOR}; "
                "choose another folder with DATA_DIR, and move the data with pg_dump"
            )

    def _run(self) -> None:
        postmaster = self._postmaster()
        if not postmaster.is_running():
            postmaster.forget_stale()
            self._rotate_log()
            self._pg_ctl("start", "-w", "-t", str(_START_S), "-l", str(self.log), "-o", self._options())
        self._socket_folder = postmaster.wait_ready(_START_S)

    def _options(self) -> str:
        settings = {**self._settings, "unix_socket_directories": str(self._sockets())}
        return " ".join(f"-c {name}={_quoted(value)}" for name, value in settings.items())

    def _sockets(self) -> Path:
        if len(os.fsencode(self.folder)) <= _LONGEST_SOCKET_FOLDER:
            return self.folder
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        short = Path(tempfile.gettempdir(), f"strandloom-{name}")
        self._own_folder(short)
        return short

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.old"))

    def _postmaster(self) -> Postmaster:
        return Postmaster(self.cluster)

    def _pg_ctl(self, *arguments: str) -> None:
        self._call("pg_ctl", "-D", str(self.cluster), *arguments)

    def _call(self, program: str, *arguments: str, feed: str = "") -> None:
        """Run one of the server's programs; its own words become one sentence when it fails.

        Output goes to a file because a started server keeps a pipe open for ever.
        """
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(  # noqa: S603 - our own programs
                [str(self._programs / program), *arguments],
                input=feed,
                stdout=output,
                stderr=output,
                text=True,
                check=False,
                cwd=self.folder,
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                **(self._account.run_as() if self._account else {}),
            )
            output.seek(0)
            said = output.read()
        if done.returncode != 0:
            raise CannotStart(self._why(program, said))

    def _why(self, program: str, said: str) -> str:
        logged = self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""
        lines = [line for line in (said + logged).splitlines() if "FATAL" in line or "error:" in line]
        reason = lines[-1].split("FATAL:")[-1].split("error:")[-1].strip() if lines else said.strip()[-300:]
        return f"the embedded PostgreSQL in {self.folder} failed ({program}): {reason}; its log is {self.log}"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"
