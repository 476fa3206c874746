"""The exchange as a web application: three paths on one port."""

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from strandloom.exchange.server import http
from strandloom.exchange.server.doors import Doors
from strandloom.exchange.server.lobby import Lobby
from strandloom.exchange.server.venue import Venue
from strandloom.exchange.server.ws import Sockets


def application(venue: Venue, lobby: Lobby, doors: Doors) -> Starlette:
    """The public side."""
    return Starlette(
        routes=[
            Route("/info", http.endpoint(venue, doors, "/info"), methods=["POST"]),
            Route("/exchange", http.endpoint(venue, doors, "/exchange"), methods=["POST"]),
            WebSocketRoute("/ws", Sockets(venue, lobby, doors).serve),
        ]
    )
