"""A wire between a client and a PostgreSQL server that can be cut at the worst moment, or go dead silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Literal

from tests.servers.park import Park

Moment = Literal["before the server hears", "before the client hears"]


class Wire:
    """Passes bytes on, until `cut` is set: then the next message in that direction ends its connection.

    While `gone` is set every message ends its connection.  While `silent` is set nothing arrives any more in
    either direction, and nobody is told.
    """

    def __init__(self, server_socket: Path) -> None:
        self._server_socket = server_socket
        self.cut: Moment | None = None
        self.gone = False
        self.silent = False
        self.spare = 0
        self.cuts = 0

    async def serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_unix_connection(self._server_socket)
        ways = {
            asyncio.create_task(self._pass(client, to_server, "before the server hears")),
            asyncio.create_task(self._pass(server, to_client, "before the client hears")),
        }
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (to_client, to_server):
            with suppress(OSError):
                end.close()

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, moment: Moment) -> None:
        while data := await source.read(65_536):
            if self.silent:
                continue
            if self.gone:
                self.cuts += 1
                return
            if self.cut == moment:
                if not self.spare:
                    self.cut = None
                    self.cuts += 1
                    return
                self.spare -= 1
            target.write(data)
            await target.drain()


@asynccontextmanager
async def wired(park: Park, database_url: str, folder: Path) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to the embedded server of that database, and the database's address through it."""
    server = await asyncio.to_thread(park.server, "embedded 18")
    wire = Wire(server.folder / ".s.PGSQL.5432")
    listening = await asyncio.start_unix_server(wire.serve, folder / ".s.PGSQL.5432")
    async with listening:
        name = database_url.split("?")[0].rsplit("/", 1)[1]
        yield wire, f"postgresql://postgres@/{name}?host={folder}"
