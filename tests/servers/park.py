"""The servers of one test run: started on first use, shared by its workers, each with a migrated template."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from strandloom.store import migrations
from strandloom.store.database import Database
from strandloom.store.distribution import Distribution
from strandloom.store.embedded import EmbeddedPostgres
from strandloom.store.lock import exclusive
from tests.servers import found, quick
from tests.servers.bouncer import Bouncer

KINDS = ("embedded 18", "debian 15", "npm 17", "pgbouncer")
TEMPLATE = "migrated"
_OLDER = {
    "debian 15": ("15", found.postgres_15),
    "npm 17": ("17", found.postgres_17),
}
_numbers = itertools.count(1)


class Park:
    """Gives out databases on any kind of server."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._servers: dict[str, EmbeddedPostgres] = {}
        self._bouncer: Bouncer | None = None
        self._running = ExitStack()

    def server(self, kind: str) -> EmbeddedPostgres:
        """The running server of a kind, with its template; a missing one skips the test."""
        kind = "embedded 18" if kind == "pgbouncer" else kind
        if kind not in self._servers:
            server = self._build(kind)
            server.start()
            self._running.callback(server.stop)
            with exclusive(server.home / "template.lock", patience_s=120):
                asyncio.run(_make_template(server))
            self._servers[kind] = server
        return self._servers[kind]

    @asynccontextmanager
    async def database_url(self, kind: str, *, template: str = TEMPLATE) -> AsyncIterator[str]:
        """The address of a fresh copy of a template, dropped at the end."""
        address = await asyncio.to_thread(self.address, kind)
        name = f"test_{os.getpid()}_{next(_numbers)}"
        admin = await asyncpg.connect(self.server(kind).url("postgres"))
        try:
            await admin.execute(f"create database {name} template {template}")
            yield address(name)
            await admin.execute(f"drop database {name} with (force)")
        finally:
            await admin.close()

    def stop(self) -> None:
        """Leave the servers; the run's last worker stops them."""
        self._running.close()

    def _build(self, kind: str) -> EmbeddedPostgres:
        home = self._home / kind.replace(" ", "-")
        if kind not in _OLDER:
            return quick.server(home)
        major, find = _OLDER[kind]
        programs = find()
        if programs is None:
            pytest.skip(f"no PostgreSQL {major} on this machine: scripts/install-test-databases brings it")
        build = Distribution(major=major, making=("--locale", "C.UTF-8"), programs=programs)
        return quick.server(home, build)

    def address(self, kind: str) -> Callable[[str], str]:
        """From the name of a database to its address on that kind of server."""
        server = self.server(kind)
        if kind != "pgbouncer":
            return server.url
        program = found.pgbouncer()
        if program is None:
            pytest.skip("no pgbouncer on this machine: scripts/install-test-databases brings it")
        if self._bouncer is None:
            folder = self._home / f"bouncer-{os.getpid()}"
            self._bouncer = Bouncer(program, server=server.folder, folder=folder)
            self._running.callback(self._bouncer.stop)
        return self._bouncer.url


async def _make_template(server: EmbeddedPostgres) -> None:
    admin = await asyncpg.connect(server.url("postgres"))
    try:
        if await admin.fetchval("select exists (select from pg_database where datname = $1)", TEMPLATE):
            return
        await admin.execute("drop database if exists migrating")
        await admin.execute("create database migrating")
        database = await Database.open(server.url("migrating"))
        await migrations.migrate(database)
        await database.close()
        await admin.execute(f"alter database migrating rename to {TEMPLATE}")
    finally:
        await admin.close()
