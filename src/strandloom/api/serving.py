"""The pages on a port of this machine, as long as the process runs."""

from loguru import logger
from starlette.applications import Starlette

from strandloom.basics.clock import Clock
from strandloom.basics.errors import CannotStart
from strandloom.exchange.server.door import listening
from strandloom.exchange.server.doors import Doors

_AGAIN_S = 5.0


class Serving:
    """Takes the port when it is free: a standby beside its leader gets it when the leader is gone."""

    def __init__(self, app: Starlette, host: str, port: int, clock: Clock) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._clock = clock

    async def run(self) -> None:
        """Serve until cancelled; while somebody else has the port, look again now and then."""
        told = False
        while True:
            try:
                async with listening(self._app, self._host, self._port, Doors()) as port:
                    logger.info("figures_served", url=f"http://{self._host}:{port}/metrics")
                    while True:
                        await self._clock.sleep(3_600)
            except CannotStart as error:
                if not told:
                    logger.warning("figures_not_served", why=str(error), meanwhile="waiting until it is free")
                told = True
            await self._clock.sleep(_AGAIN_S)
