"""The PostgreSQL that comes with us: made on first use, shared by our processes, stopped by the last one."""

import atexit
import contextlib
import os
import shlex
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from strandloom.basics.errors import CannotStart
from strandloom.store import folders
from strandloom.store.account import Account, serving
from strandloom.store.distribution import EMBEDDED, Distribution
from strandloom.store.lock import FileLock, exclusive
from strandloom.store.postmaster import Place, Postmaster
from strandloom.store.toolbox import Toolbox

DATABASE = "strandloom"
_USER = "postgres"
_LOG_LIMIT_BYTES = 10_000_000
_START_S = 300  # recovery after a crash replays the log first
_STOP_S = 60
_ORPHAN_TRIES, _ORPHAN_PAUSE_S = 20, 0.5
_SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "log",  # starts, stops and crashes; a statement's error goes to who sent it
        "log_checkpoints": "off",
        "jit": "off",  # our statements are short
        "max_connections": "200",
        "client_connection_check_interval": "2s",  # a killed client's statement holds no lock for long
    }
)


class EmbeddedPostgres:
    """One data folder's server, seen from one process.

    Who uses it holds a shared lock that the kernel releases at death, so the last one out always knows
    that it is the last, and a server whose users were all killed is simply adopted by the next start.
    """

    def __init__(
        self,
        home: Path,
        *,
        settings: Mapping[str, str] | None = None,
        distribution: Distribution = EMBEDDED,
    ) -> None:
        self.home = home.expanduser().absolute()
        self.folder = self.home / "postgres"
        self.cluster = self.folder / "cluster"
        self.log = self.folder / "server.log"
        self._distribution = distribution
        self._settings = {**_SETTINGS, **(settings or {})}
        self._users = FileLock(self.folder / "users.lock")
        self._postmaster = Postmaster(self.cluster)
        self._toolbox: Toolbox | None = None
        self._place: Place | None = None
        self._user: int | None = None

    def start(self) -> None:
        """Start the server, or attach to the one that another process started."""
        try:
            account = serving(self.cluster)
            folders.make_home(self.home, account)
            folders.make_private(self.folder, account)
            with self._alone() as lock:
                tools = self._tools(account)
                self._make(tools, lock)
                self._place = self._run(tools)
                self._users.share()
        except OSError as error:
            raise CannotStart(
                f"the database folder {self.home} cannot be used: {error.strerror} ({error.filename}); "
                "choose another with DATA_DIR, or set DATABASE_URL"
            ) from error
        self._toolbox, self._user = tools, os.getpid()
        atexit.register(self.stop)

    def revive(self) -> None:
        """Start the server again if it died while we use it; the reason is raised when it cannot live."""
        tools = self._toolbox
        if tools is not None and not self._postmaster.is_running():
            with self._alone():
                self._place = self._run(tools)

    def stop(self) -> None:
        """Leave; the last one to leave stops the server cleanly."""
        tools, self._toolbox = self._toolbox, None
        if (
            tools is None or self._user != os.getpid()
        ):  # a forked child has our locks, but they are not its own
            return
        atexit.unregister(self.stop)
        try:
            with self._alone():
                if self._users.try_exclusive():
                    self._postmaster.stop(_STOP_S)
                    folders.forget_sockets(self.folder)
        finally:
            self._users.release()

    def url(self, database: str = DATABASE) -> str:
        """The address of `database`, good for every client of PostgreSQL on this machine."""
        if self._place is None:
            raise RuntimeError("the embedded server was not started")
        folder, port = quote(str(self._place.folder)), self._place.port
        return f"postgresql://{_USER}@/{quote(database)}?host={folder}&port={port}"

    def program(self, name: str) -> Path:
        """One of the server's own tools: psql, pg_dump …"""
        if self._toolbox is None:
            raise RuntimeError("the embedded server is not started")
        return self._toolbox.programs / name

    @property
    def _at(self) -> tuple[str, str]:
        return ("-D", str(self.cluster))

    def _alone(self) -> contextlib.AbstractContextManager[int]:
        return exclusive(self.folder / "starting.lock", patience_s=_START_S + _STOP_S)

    def _tools(self, account: Account | None) -> Toolbox:
        programs = self._distribution.usable_by(account, self.home)
        return Toolbox(programs=programs, account=account, folder=self.folder, log=self.log)

    def _make(self, tools: Toolbox, lock: int) -> None:
        """Make the cluster beside its place and move it in, so that it is there whole or not at all.

        Its makers hold our lock too: when we are killed they go on, and nobody else may begin meanwhile.
        """
        if self.cluster.is_dir():
            self._check_version()
            return
        making = self.folder / "cluster.making"
        shutil.rmtree(making, ignore_errors=True)
        login = ("--username", _USER, "--auth-local", "trust", "--auth-host", "scram-sha-256")
        coding = ("--encoding", "UTF8", *self._distribution.making)
        tools.call("initdb", *login, *coding, "--no-instructions", "-D", str(making), keep=lock)
        create = f"create database {DATABASE};\n"
        tools.call("postgres", "--single", "-j", "-D", str(making), "postgres", feed=create, keep=lock)
        making.rename(self.cluster)

    def _check_version(self) -> None:
        found = (self.cluster / "PG_VERSION").read_text().strip()
        if found != self._distribution.major:
            raise CannotStart(
                f"{self.cluster} was made by PostgreSQL {found}, this program runs "
                f"{self._distribution.major}; choose another DATA_DIR and move the data with pg_dump"
            )

    def _run(self, tools: Toolbox) -> Place:
        """Start the server unless it runs; either way, where it is reached."""
        if not self._postmaster.is_running():
            self._postmaster.forget_stale()
            self._rotate_log()
            options = self._options(folders.for_sockets(self.folder, tools.account))
            started = ("start", "-w", "-t", str(_START_S), "-l", str(self.log), "-o", options)
            self._start_once_or_again(tools, started)
        return self._postmaster.wait_ready(_START_S)

    def _start_once_or_again(self, tools: Toolbox, arguments: Sequence[str]) -> None:
        """A killed start may have left a server coming up, a killed server processes going down."""
        for _ in range(_ORPHAN_TRIES):
            try:
                return tools.call("pg_ctl", *self._at, *arguments)
            except CannotStart as error:
                if self._postmaster.is_running():
                    return None
                if "shared memory block" not in str(error):
                    raise
            time.sleep(_ORPHAN_PAUSE_S)
        raise CannotStart(
            f"processes of a crashed database still use {self.cluster}; end them, then start again"
        )

    def _options(self, sockets: Path) -> str:
        settings = {**self._settings, "unix_socket_directories": f'"{sockets}"'}  # else a comma ends it
        return " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.old"))
