"""The exchange on its ports, for the length of a block."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from strandloom.exchange.server import admin, app
from strandloom.exchange.server.app import USUAL, Patience
from strandloom.exchange.server.door import listening
from strandloom.exchange.server.doors import Doors
from strandloom.exchange.server.drive import Drive
from strandloom.exchange.server.lobby import Lobby
from strandloom.exchange.server.venue import Venue

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What is open, and the hand that drives the market."""

    url: str
    admin_url: str | None
    drive: Drive
    lobby: Lobby


@asynccontextmanager
async def serving(
    venue: Venue,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    admin_port: int | None = None,
    patience: Patience = USUAL,
) -> AsyncIterator[Serving]:
    """Open the ports (0: any free one); everything is closed at the end of the block."""
    lobby, doors, drive = Lobby(venue), Doors(patience.headers_s), Drive(venue)
    async with AsyncExitStack() as open_, asyncio.TaskGroup() as group:
        admin_url = None
        if admin_port is not None:
            drill = admin.application(admin.Drill(venue, lobby, drive))
            taken = await open_.enter_async_context(listening(drill, LOOPBACK, admin_port, Doors()))
            admin_url = _url(LOOPBACK, taken)
        public = app.application(venue, lobby, doors, patience)
        bound = await open_.enter_async_context(listening(public, host, port, doors))
        beating = group.create_task(_beat(venue))
        try:
            yield Serving(url=_url(host, bound), admin_url=admin_url, drive=drive, lobby=lobby)
        finally:
            beating.cancel()


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _beat(venue: Venue) -> None:
    """Once per block, tell subscribers what changed."""
    while True:
        await venue.changed.wait()
        venue.changed.clear()
        await venue.kept()
        if venue.pulse.beat(venue.beat_s()):
            venue.changed.set()
        await asyncio.sleep(venue.cadence.block_s)
