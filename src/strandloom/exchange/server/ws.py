"""/ws: one task reads, one writes, and the first to end ends the connection."""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from strandloom.exchange.server.connection import Connection
from strandloom.exchange.server.doors import Doors
from strandloom.exchange.server.lobby import Lobby
from strandloom.exchange.server.talk import Talk
from strandloom.exchange.server.venue import Venue

_POLICY: Final = 1008


class Sockets:
    """The endpoint of /ws."""

    def __init__(self, venue: Venue, lobby: Lobby, doors: Doors, silence_s: float) -> None:
        self._venue = venue
        self._lobby = lobby
        self._doors = doors
        self._silence_s = silence_s

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one client until it goes or is cut."""
        client = (websocket.client.host, websocket.client.port) if websocket.client else ("", 0)
        await websocket.accept()
        try:
            if reason := self._lobby.refuses(client[0]):
                await websocket.close(_POLICY, reason)
                return
            connection = Connection(self._venue, client[0])
            with self._lobby.holding(connection):
                await self._converse(websocket, connection)
            if connection.cut.is_set():
                self._doors.slam(client)
        finally:
            self._doors.closed(client)

    async def _converse(self, websocket: WebSocket, connection: Connection) -> None:
        async with asyncio.TaskGroup() as group:
            talk = Talk(self._venue, self._lobby, connection)
            jobs = [
                group.create_task(self._read(websocket, talk)),
                group.create_task(self._write(websocket, connection)),
                group.create_task(connection.cut.wait()),
            ]
            await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in jobs:
                job.cancel()

    async def _read(self, websocket: WebSocket, talk: Talk) -> None:
        posts: set[asyncio.Task[None]] = set()
        try:
            while (message := await websocket.receive())["type"] == "websocket.receive":
                text = message.get("text")
                if text is None:
                    text = message["bytes"].decode(errors="replace")
                if (post := talk.heard(text)) is not None:
                    posts.add(post)
                    post.add_done_callback(posts.discard)
        finally:
            for post in posts:
                post.cancel()

    async def _write(self, websocket: WebSocket, connection: Connection) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):  # the client went while it was written to
            while True:
                try:
                    async with asyncio.timeout(self._silence_s):
                        text = await connection.frames.get()
                except TimeoutError:
                    if not connection.frozen:
                        await websocket.close(1000, "Inactive")
                        return
                    continue
                await self._venue.kept()
                await websocket.send_text(text)
