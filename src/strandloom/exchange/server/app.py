"""The exchange as a web application: three paths on one port."""

from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from strandloom.exchange.server import http
from strandloom.exchange.server.doors import Doors
from strandloom.exchange.server.lobby import Lobby
from strandloom.exchange.server.venue import Venue
from strandloom.exchange.server.ws import Sockets


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a client may take before it is cut off."""

    headers_s: float = 10.0
    body_s: float = 10.0
    silence_s: float = 60.0  # the venue closes a WebSocket that it had nothing to say to for so long


USUAL = Patience()


def application(venue: Venue, lobby: Lobby, doors: Doors, patience: Patience) -> Starlette:
    """The public side."""
    return Starlette(
        routes=[
            Route("/info", http.endpoint(venue, doors, "/info", patience.body_s), methods=["POST"]),
            Route("/exchange", http.endpoint(venue, doors, "/exchange", patience.body_s), methods=["POST"]),
            WebSocketRoute("/ws", Sockets(venue, lobby, doors, patience.silence_s).serve),
        ]
    )
