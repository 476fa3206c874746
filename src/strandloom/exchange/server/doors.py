"""The TCP side of the server: every connection, a deadline for its headers, and a way to slam the door."""

import asyncio
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

Client = tuple[str, int]


class Doors:
    """The open connections by their far end."""

    def __init__(self, headers_within_s: float = 10.0) -> None:
        self.headers_within_s = headers_within_s
        self._transports: dict[Client, asyncio.Transport] = {}

    def opened(self, client: Client, transport: asyncio.Transport) -> None:
        self._transports[client] = transport

    def closed(self, client: Client) -> None:
        self._transports.pop(client, None)

    def slam(self, client: Client) -> None:
        """Close a connection at once, without a word."""
        if (transport := self._transports.pop(client, None)) is not None:
            transport.abort()

    def protocol(self) -> type[H11Protocol]:
        """uvicorn's protocol, told to register here and to give slow clients no more than the deadline."""
        doors = self

        class Guarded(_Guarded):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(doors, *args, **kwargs)

        return Guarded


class _Guarded(H11Protocol):
    """A client that does not finish its headers in time is cut; the body has a deadline of its own."""

    def __init__(
        self,
        doors: Doors,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._doors = doors
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client is not None:
            self._doors.opened(self.client, transport)
        self._wait_for_headers()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._wait_for_headers()
        elif self.conn.their_state is not h11.IDLE:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        if self.client is not None:
            self._doors.closed(self.client)
        super().connection_lost(exc)

    def _wait_for_headers(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self._doors.headers_within_s, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
