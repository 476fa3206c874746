"""All WebSockets together: what one IP address may hold, and the cut that a drill asks for."""

from collections.abc import Iterator
from contextlib import contextmanager

from strandloom.exchange.server.connection import Connection
from strandloom.exchange.server.hub import users
from strandloom.exchange.server.limits import Limits, Meters
from strandloom.exchange.server.subscription import Subscription
from strandloom.exchange.server.venue import Venue


class Lobby:
    """The open connections and the limits that they share by IP address."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._limits: Limits = venue.limits
        self._new = Meters(venue.limits.new_connections_per_minute)
        self.connections: set[Connection] = set()

    def refuses(self, ip: str) -> str | None:
        """Why one more connection is too many."""
        if len(self._of(ip)) >= self._limits.connections:
            return f"Too many connections from {ip}"
        if not self._new.allows(ip, 1, self._venue.at_s()):
            return f"Too many new connections from {ip}"
        return None

    def refuses_subscription(self, connection: Connection, wanted: Subscription) -> str | None:
        """Why one more subscription is too many."""
        held = [subscription for peer in self._of(connection.ip) for subscription in peer.subscriptions]
        if len(held) >= self._limits.subscriptions:
            return f"Cannot subscribe to more than {self._limits.subscriptions} channels."
        if wanted.user and len(users([*held, wanted])) > self._limits.users:
            return f"Cannot track more than {self._limits.users} total users."
        return None

    def may_post(self, connection: Connection) -> bool:
        """May this IP address have one more request in flight?"""
        return sum(peer.posts for peer in self._of(connection.ip)) < self._limits.posts_in_flight

    @contextmanager
    def holding(self, connection: Connection) -> Iterator[None]:
        """Count a connection in, and take it and its subscriptions out again."""
        self.connections.add(connection)
        try:
            yield
        finally:
            self.connections.discard(connection)
            for subscription in connection.subscriptions:
                self._venue.hub.remove(subscription, connection)

    def cut_all(self) -> None:
        """Every WebSocket ends without notice."""
        for connection in self.connections:
            connection.cut.set()

    def freeze_all(self) -> None:
        """Every WebSocket stays open and goes silent."""
        for connection in self.connections:
            connection.frozen = True

    def _of(self, ip: str) -> list[Connection]:
        return [connection for connection in self.connections if connection.ip == ip]
