"""Opens a port of this machine and serves an application on it for the length of a block."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette

from strandloom.basics.errors import CannotStart
from strandloom.exchange.server.doors import Doors

_KEEP_ALIVE_S = 75
_MAX_FRAME = 1 << 20


class _Server(uvicorn.Server):
    """uvicorn as a part of our process: signals are ours, and we are told when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self.stop = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)  # sets the headers
        await self.stop.wait()


@asynccontextmanager
async def listening(app: Starlette, host: str, port: int, doors: Doors) -> AsyncIterator[int]:
    """Serve on `port` (0: any free one) and give the port; raises CannotStart when it is taken."""
    taken = _bound(host, port)
    server = _Server(
        uvicorn.Config(
            app,
            http=doors.protocol(),
            ws="websockets-sansio",
            ws_max_size=_MAX_FRAME,
            ws_ping_interval=None,  # the protocol has a ping of its own
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=1,
        )
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve([taken]))
        await server.listening.wait()
        try:
            yield taken.getsockname()[1]
        finally:
            server.stop.set()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # naming TCP makes asyncio switch off the delay for small writes
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise CannotStart(f"cannot listen on {host}:{port} ({error.strerror}); choose another port") from None
    return bound
