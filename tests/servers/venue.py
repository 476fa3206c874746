"""A small venue on loopback: Hyperliquid's public protocol, and every way in which it can fail."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from strandloom.basics.ids import unix_ms
from strandloom.market.minute import MINUTE_MS
from tests.candles import a_candle
from tests.venue_clock import VenueClock


class Peer:
    """One client's WebSocket and what it subscribed to."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.wants: set[tuple[str, str]] = set()
        self.frozen = False

    async def say(self, channel: str, data: Any) -> None:
        if not self.frozen:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await self.socket.send_text(json.dumps({"channel": channel, "data": data}))


class Venue:
    """Its candles, its listings, its clients, and its bad days."""

    def __init__(self, clock: VenueClock, *coins: str) -> None:
        self.clock = clock
        self.coins = dict.fromkeys(coins, True)  # False: delisted
        self.candles: dict[str, dict[int, dict[str, Any]]] = {coin: {} for coin in coins}
        self.peers: list[Peer] = []
        self.down = False  # answers 502 and closes every socket
        self.refuses: set[str] = set()  # coins whose candles are not answered over HTTP
        self.asked: list[dict[str, Any]] = []
        self.changed = asyncio.Event()
        self.url = ""

    # -- what happens on the market ---------------------------------------------------------------

    async def trade(
        self, coin: str, minute: int, close: float = 100.0, *, push: bool = True, **told: Any
    ) -> None:
        """A candle as it stands after a trade; `push=False`: nobody is told over the socket."""
        candle = a_candle(coin, minute, close, **told)
        self.candles[coin][minute] = candle
        if push:
            await self.push(coin, "candle", candle)

    async def minute(self, minute: int, *coins: str, close: float = 100.0) -> None:
        """One whole minute in which those coins trade, and two seconds more."""
        self.clock.to(minute * MINUTE_MS + 1_000)
        for coin in coins or tuple(self.coins):
            await self.trade(coin, minute, close)
        self.clock.to((minute + 1) * MINUTE_MS + 2_000)

    async def quote(self, coin: str, bid: float = 99.5, ask: float = 100.5) -> None:
        levels = [{"px": str(bid), "sz": "1.0", "n": 1}, {"px": str(ask), "sz": "1.0", "n": 1}]
        await self.push(coin, "bbo", {"coin": coin, "time": unix_ms(self.clock.venue()), "bbo": levels})

    async def push(self, coin: str, channel: str, data: Any) -> None:
        for peer in self.peers:
            if (channel, coin) in peer.wants:
                await peer.say(channel, data)
        for _ in range(20):  # what is on the wire arrives before the time moves on
            await asyncio.sleep(0)

    # -- bad days ---------------------------------------------------------------------------------

    async def cut(self) -> None:
        """Every socket is closed."""
        for peer in list(self.peers):
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await peer.socket.close(1001)
        self.peers.clear()

    def freeze(self) -> None:
        """The sockets stay open and never say anything again."""
        for peer in self.peers:
            peer.frozen = True
        self.peers.clear()

    async def go_down(self) -> None:
        self.down = True
        await self.cut()

    def come_back(self) -> None:
        self.down = False

    async def followed(self, *coins: str, by: int = 1) -> None:
        """Wait until so many clients follow all of those coins."""
        wanted = {("activeAssetCtx", coin) for coin in coins}  # subscribed to last
        while sum(wanted <= peer.wants for peer in self.peers) < by:
            self.changed.clear()
            await self.changed.wait()

    # -- the protocol -----------------------------------------------------------------------------

    async def info(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        if self.down:
            return Response(status_code=502)
        match body:
            case {"type": "meta"}:
                universe = [
                    {"name": coin, "szDecimals": 5, "maxLeverage": 40, "isDelisted": not listed}
                    for coin, listed in self.coins.items()
                ]
                return JSONResponse({"universe": universe, "marginTables": [], "collateralToken": 0})
            case {"type": "l2Book", "coin": coin}:
                return JSONResponse({"coin": coin, "time": unix_ms(self.clock.venue()), "levels": [[], []]})
            case {"type": "candleSnapshot", "req": {"coin": coin, "startTime": start, "endTime": end}}:
                if coin in self.refuses:
                    return Response(status_code=502)
                there = self.candles[coin].values()
                return JSONResponse([candle for candle in there if start <= candle["t"] <= end])
        return Response("Failed to deserialize the JSON body into the target type", status_code=422)

    async def ws(self, socket: WebSocket) -> None:
        if self.down:
            await socket.close(1013)
            return
        await socket.accept()
        peer = Peer(socket)
        self.peers.append(peer)
        self.changed.set()
        try:
            while True:
                await self._heard(peer, json.loads(await socket.receive_text()))
        except WebSocketDisconnect:
            if peer in self.peers:
                self.peers.remove(peer)

    async def _heard(self, peer: Peer, frame: dict[str, Any]) -> None:
        match frame:
            case {"method": "ping"}:
                await peer.say("pong", None)
            case {"method": "subscribe", "subscription": {"type": kind, "coin": coin} as wanted}:
                if coin not in self.coins:
                    await peer.say("error", f"Invalid subscription {json.dumps(wanted)}")
                    return
                peer.wants.add((kind, coin))
                await peer.say("subscriptionResponse", frame)
            case {"method": "unsubscribe", "subscription": {"type": kind, "coin": coin}}:
                peer.wants.discard((kind, coin))
        self.changed.set()


@asynccontextmanager
async def a_venue(clock: VenueClock, *coins: str) -> AsyncIterator[Venue]:
    """A venue with those coins, listening on a port of its own."""
    venue = Venue(clock, *coins)
    app = Starlette(
        routes=[Route("/info", venue.info, methods=["POST"]), WebSocketRoute("/ws", venue.ws)],
    )
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws_ping_interval=None
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
        await asyncio.sleep(0)
    venue.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield venue
    finally:
        await venue.cut()
        server.should_exit = server.force_exit = True
        await serving
