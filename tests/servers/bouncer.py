"""pgbouncer before a server; in transaction mode every transaction may meet another connection."""

import subprocess
import time
from pathlib import Path
from typing import Literal

from strandloom.store.account import serving
from strandloom.store.folders import make_private

_PORT = 6432
_CONFIG = """
[databases]
* = host={server} user=postgres
[pgbouncer]
pool_mode = {mode}
listen_port = {port}
unix_socket_dir = {folder}
auth_type = any
logfile = {folder}/log
default_pool_size = 3
max_client_conn = 200
server_round_robin = 1
"""


class Bouncer:
    """One running pooler; its addresses differ from the server's only in host and port."""

    def __init__(
        self,
        program: Path,
        *,
        server: Path,
        folder: Path,
        mode: Literal["transaction", "session"] = "transaction",
    ) -> None:
        account = serving(folder)
        make_private(folder, account)
        self._folder = folder
        config = folder / "pgbouncer.ini"
        config.write_text(_CONFIG.format(server=server, port=_PORT, folder=folder, mode=mode))
        self._process = subprocess.Popen(  # noqa: S603 - our own configuration
            [program, "--quiet", config],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **(account.run_as() if account else {}),
        )
        self._wait(folder / f".s.PGSQL.{_PORT}")

    def url(self, database: str) -> str:
        """The address of a database of the server behind."""
        return f"postgresql://postgres@/{database}?host={self._folder}&port={_PORT}"

    def stop(self) -> None:
        """End it; clients see a closed connection."""
        self._process.terminate()
        self._process.wait(10)

    def _wait(self, socket: Path) -> None:
        deadline = time.monotonic() + 60
        while not socket.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                log = self._folder / "log"
                raise RuntimeError(f"pgbouncer did not start: {log.read_text() if log.exists() else ''}")
            time.sleep(0.01)
